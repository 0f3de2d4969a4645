import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { sha256 } from '../chain/canonical';
import { digestSchema } from '../chain/model';

/** File beside what is collected that says what each file was made from. */
export const ORIGINS_FILE = 'origins.json';

const origin = z.strictObject({
  /** SHA-256 of the file, so that no other one passes under its name. */
  sha256: digestSchema,
  /** SHA-256 of the package-lock.json that it is of. */
  packageLock: digestSchema,
  /** Day on which it was made, where what it says changes by itself. */
  madeOn: z.iso.date().exactOptional(),
});
const originsSchema = z.record(z.string(), origin);
type Origins = z.output<typeof originsSchema>;

/** The sources that are judged, and when. */
export interface Sources {
  /** SHA-256 of their package-lock.json. */
  readonly packageLock: string;
  /** The day it is, `YYYY-MM-DD`. */
  readonly today: string;
}

const DAY = 86_400_000;

function readOrigins(folder: string): Origins | undefined {
  try {
    return originsSchema.parse(JSON.parse(fs.readFileSync(path.join(folder, ORIGINS_FILE), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Notes what a file of the folder was made from. */
export function noteOrigin(folder: string, file: string, of: { packageLock: string; madeOn?: string }): void {
  const noted: Origins = {
    ...readOrigins(folder),
    [file]: { sha256: sha256(fs.readFileSync(path.join(folder, file))), ...of },
  };
  const sorted = Object.fromEntries(Object.entries(noted).sort(([a], [b]) => (a < b ? -1 : 1)));
  fs.writeFileSync(path.join(folder, ORIGINS_FILE), `${JSON.stringify(sorted, undefined, 1)}\n`);
}

/**
 * Why a file says nothing of the sources that are judged, in half a sentence.
 * @param freshForDays - how long what it says holds; for ever when it follows from the sources alone
 * @returns undefined when it is theirs
 */
export function stalenessOf(
  folder: string,
  file: string,
  { packageLock, today }: Sources,
  freshForDays?: number,
): string | undefined {
  const noted = readOrigins(folder)?.[file];
  if (noted === undefined) return `${ORIGINS_FILE} does not say which package-lock.json it is of`;
  if (noted.sha256 !== sha256(fs.readFileSync(path.join(folder, file))))
    return `it is not the file that ${ORIGINS_FILE} speaks of`;
  if (noted.packageLock !== packageLock)
    return `it is of the package-lock.json ${noted.packageLock.slice(0, 12)}, and this is ${packageLock.slice(0, 12)}`;
  if (freshForDays === undefined) return undefined;
  const age = noted.madeOn === undefined ? Infinity : (Date.parse(today) - Date.parse(noted.madeOn)) / DAY;
  return age > freshForDays
    ? `it was made on ${noted.madeOn ?? 'no known day'}, and holds for ${freshForDays} days`
    : undefined;
}

import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { sha256 } from '../chain/canonical';
import { digestSchema } from '../chain/model';
import { byText } from '../report/ids';

/** File beside what is collected that says what each file was made from. */
export const ORIGINS_FILE = 'origins.json';

const origin = z.strictObject({
  /** SHA-256 of the file, so that no other one passes under its name. */
  sha256: digestSchema,
  /** SHA-256 of the package-lock.json that it is of, where it follows from that. */
  packageLock: digestSchema.exactOptional(),
  /** Commit of the sources with which it was made. */
  commit: z.string().exactOptional(),
  /** Day on which it was made, where what it says changes by itself. */
  madeOn: z.iso.date().exactOptional(),
});
const originsSchema = z.record(z.string(), origin);
type Origin = z.output<typeof origin>;
type Origins = z.output<typeof originsSchema>;

/** The sources that are judged, and when. */
export interface Sources {
  /** SHA-256 of their package-lock.json. */
  readonly packageLock: string;
  /** Their commit. */
  readonly commit: string;
  /** The day it is, `YYYY-MM-DD`. */
  readonly today: string;
}

/** What a file says something of, and for how long. */
export interface Bound {
  /**
   * What has to be the same in the sources that are judged.
   * @default - nothing: it is of the platform as it ran on its day
   */
  readonly to?: 'packageLock' | 'commit';
  /**
   * Days that it holds from the one on which it was made.
   * @default - for ever: it follows from the sources
   */
  readonly freshForDays?: number;
}

const NAMES = { packageLock: 'package-lock.json', commit: 'commit' } as const;

const DAY = 86_400_000;

function readOrigins(folder: string): Origins | undefined {
  try {
    return originsSchema.parse(JSON.parse(fs.readFileSync(path.join(folder, ORIGINS_FILE), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Notes what a file of the folder was made from. */
export function noteOrigin(folder: string, file: string, of: Omit<Origin, 'sha256'>): void {
  const noted: Origins = {
    ...readOrigins(folder),
    [file]: { sha256: sha256(fs.readFileSync(path.join(folder, file))), ...of },
  };
  const sorted = Object.fromEntries(Object.entries(noted).sort(([a], [b]) => byText(a, b)));
  fs.writeFileSync(path.join(folder, ORIGINS_FILE), `${JSON.stringify(sorted, undefined, 1)}\n`);
}

/**
 * Why a file says nothing of the sources that are judged, in half a sentence.
 * @returns undefined when it does
 */
export function stalenessOf(
  folder: string,
  file: string,
  sources: Sources,
  { to, freshForDays }: Bound,
): string | undefined {
  const noted = readOrigins(folder)?.[file];
  if (noted === undefined)
    return `${ORIGINS_FILE} does not say ${to === undefined ? 'when it was made' : `which ${NAMES[to]} it is of`}`;
  if (noted.sha256 !== sha256(fs.readFileSync(path.join(folder, file))))
    return `it is not the file that ${ORIGINS_FILE} speaks of`;
  if (to !== undefined && noted[to] !== sources[to])
    return `it is of ${noted[to] === undefined ? `no known ${NAMES[to]}` : `the ${NAMES[to]} ${noted[to].slice(0, 12)}`}, and this is ${sources[to].slice(0, 12)}`;
  return freshForDays === undefined ? undefined : ageFlaw(noted.madeOn, sources.today, freshForDays);
}

function ageFlaw(madeOn: string | undefined, today: string, freshForDays: number): string | undefined {
  if (madeOn === undefined) return `it was made on no known day, and holds for ${freshForDays} days`;
  const age = (Date.parse(today) - Date.parse(madeOn)) / DAY;
  if (age < 0) return `it says that it was made on ${madeOn}, which is yet to come`;
  return age > freshForDays ? `it was made on ${madeOn}, and holds for ${freshForDays} days` : undefined;
}

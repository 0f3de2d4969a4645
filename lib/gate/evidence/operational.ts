import * as fs from 'node:fs';
import * as path from 'node:path';
import { byText } from '../report/ids';
import type { Report } from '../report/model';
import { noteOrigin, ORIGINS_FILE, type Sources, stalenessOf } from './origins';
import { COLLECT, type Source, SOURCES } from './sources';

type Operational = Report['operational'][number];

/** Folder that what is collected of operation is laid into, relative to the repository. */
export const OPERATIONAL_FOLDER = '.cache/evidence/operational';

/** What was collected, and the files that go into the evidence. */
export interface Collected {
  /** One entry for everything that is looked for, present or not. */
  readonly operational: Operational[];
  /** Where each file stands, by its name in the evidence. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Collects what was laid into the folder. What is not there or is of another form is said to be absent, and what is of
 * other sources or too old to be stale; neither goes along.
 */
export function collectOperational(folder: string, sources: Sources): Collected {
  const files = new Map<string, string>();
  const operational = SOURCES.map((source): Operational => {
    const { kind, title, file, from, bound, summary } = source;
    const place = path.join(folder, file);
    if (!fs.existsSync(place))
      return { kind, title, state: 'absent', summary: `Not collected. ${anew(source)}` };
    try {
      const said = summary(JSON.parse(fs.readFileSync(place, 'utf8')));
      const stale = stalenessOf(folder, file, sources, bound);
      if (stale !== undefined)
        return { kind, title, state: 'stale', summary: `${file} shows nothing: ${stale}. ${anew(source)}` };
      const name = `operational/${file}`;
      files.set(name, place);
      files.set(`operational/${ORIGINS_FILE}`, path.join(folder, ORIGINS_FILE));
      return { kind, title, state: 'present', summary: said, file: name };
    } catch {
      return { kind, title, state: 'absent', summary: `${file} is not what ${from} writes.` };
    }
  });
  return { operational, files: new Map([...files].sort(([a], [b]) => byText(a, b))) };
}

/** How to get a file, in a sentence. */
function anew({ file, from }: Source): string {
  return from === COLLECT
    ? `Anew by ${from}.`
    : `Get ${file} by ${from}, then npm run evidence -- keep ${file}.`;
}

/** What is kept is of another form, or is nothing that is looked for. */
export class KeepError extends Error {}

/**
 * Lays a file into the folder, by its name, and notes what it is of.
 * Where the file itself tells no day it is of the given one.
 * @returns what it says, in a sentence
 * @throws KeepError when it is not what is expected under its name; everything that is wrong with it
 */
export function keepOperational(
  folder: string,
  place: string,
  { commit, day }: { readonly commit: string; readonly day: string },
): string {
  const name = path.basename(place);
  const kept = SOURCES.filter(({ from }) => from !== COLLECT);
  const source = kept.find(({ file }) => file === name);
  if (source === undefined)
    throw new KeepError(
      `${name} is nothing that is kept, expected one of ${kept.map(({ file, from }) => `${file} (${from})`).join(', ')}.`,
    );
  const written = readJson(place);
  const read = source.schema.safeParse(written);
  if (!read.success)
    throw new KeepError(
      [
        `${place} is not of the form that ${name} has (${source.from}):`,
        ...read.error.issues.map(({ path: at, message }) => `  ${at.join('.') || 'the file'}: ${message}`),
      ].join('\n'),
    );
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, name), `${JSON.stringify(written, undefined, 1)}\n`);
  noteOrigin(folder, name, { commit, madeOn: source.day(written) ?? day });
  return source.summary(written);
}

function readJson(place: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(place, 'utf8'));
  } catch (error) {
    throw new KeepError(
      `${place} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

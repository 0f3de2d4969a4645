import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Migration, MigrationSet, Repeatable } from '../model';
import { titleOf } from '../model';
import type { Problem } from '../report';
import type { Known } from './effects';
import { pairsOf, type Pair } from './names';
import { MigrationFilesError, type FileProblem } from './problems';
import { readScript, type ReadScript } from './script';

export { MigrationFilesError } from './problems';

// Files are read synchronously: of 1,000 pairs, waiting for the promises took four fifths of the time.

/** Folder in the folder of the migrations that holds the repeatable definitions. */
const REPEATABLE = 'repeatable';

/**
 * Reads the folder of the migrations whole.
 * @throws MigrationFilesError with every problem of every file, when there is one
 */
export async function readMigrations(folder: string): Promise<MigrationSet> {
  const names = await namesOf(folder);
  const { pairs, problems: wrongNames } = pairsOf(names);
  const problems: Problem[] = [...wrongNames];
  const known: Known = { indexes: new Map(), notNull: new Set() };
  const migrations: Migration[] = [];
  for (const pair of pairs) {
    if (pair.up === undefined || pair.down === undefined) continue;
    const up = await readScript(pair.up, fs.readFileSync(path.join(folder, pair.up)), 'up', known);
    const down = await readScript(pair.down, fs.readFileSync(path.join(folder, pair.down)), 'down', known);
    problems.push(...placed(up, pair), ...placed(down, pair), ...betweenThem(up, down, pair));
    migrations.push(migrationOf(pair, up, down));
  }
  const repeatables: Repeatable[] = [];
  for (const file of names.includes(REPEATABLE) ? await sqlOf(path.join(folder, REPEATABLE)) : []) {
    const place = `${REPEATABLE}/${file}`;
    const read = await readScript(place, fs.readFileSync(path.join(folder, place)), 'repeatable', known);
    problems.push(...placed(read));
    repeatables.push({ name: file.replace(/\.sql$/, ''), script: read.script });
  }
  if (problems.length > 0) throw new MigrationFilesError(sorted(problems));
  return { migrations, repeatables };
}

async function namesOf(folder: string): Promise<readonly string[]> {
  try {
    return await fs.promises.readdir(folder);
  } catch {
    throw new MigrationFilesError([
      {
        code: 'missing-folder',
        message: `The folder ${folder} cannot be read.`,
        mend: 'Give the folder that holds the migrations.',
      },
    ]);
  }
}

async function sqlOf(folder: string): Promise<readonly string[]> {
  return (await fs.promises.readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
}

function migrationOf(pair: Pair, up: ReadScript, down: ReadScript): Migration {
  const { phase = 'expand', reversible = 'no', backfill, approval, checks } = up.header;
  return {
    id: pair.id,
    name: pair.name,
    phase,
    reversible,
    ...(backfill === undefined ? {} : { backfill }),
    ...(approval === undefined ? {} : { approval }),
    checks,
    up: up.script,
    down: down.script,
  };
}

function placed({ script, problems }: ReadScript, pair?: Pair): readonly Problem[] {
  return problems.map((problem: FileProblem) => ({
    ...problem,
    file: script.file,
    ...(pair === undefined ? {} : { migration: titleOf(pair) }),
  }));
}

function betweenThem(up: ReadScript, down: ReadScript, pair: Pair): readonly Problem[] {
  const statement = down.script.statements[0];
  if (up.header.reversible !== 'no' || statement === undefined) return [];
  return [
    {
      code: 'down-of-irreversible',
      message: 'The up file says reversible=no, but this file undoes something.',
      mend: 'Say lossless or lossy there, or leave only the comment that says why it cannot be undone.',
      migration: titleOf(pair),
      file: down.script.file,
      line: statement.line,
    },
  ];
}

function sorted(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((one, other) => {
    const [a, b] = [one.file ?? '', other.file ?? ''];
    return a === b ? (one.line ?? 0) - (other.line ?? 0) : a < b ? -1 : 1;
  });
}

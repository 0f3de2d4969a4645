import type { Known } from '../files/effects';
import type { FileProblem } from '../files/problems';
import { readScript } from '../files/script';
import { split } from '../files/split';
import type { Direction, LintStatement, Script } from './rule';
import { after, type Schema, tablesMadeBy } from './sql/schema';

/** A file as it lies in the folder. */
export interface SourceFile {
  /** Its name in the folder, such as `0002_add_email.up.sql` or `repeatable/open_visits.sql`. */
  readonly name: string;
  /** Its text. */
  readonly text: string;
}

/** A file, parsed, with its pair. */
export interface ParsedFile {
  /** What rules look at. */
  readonly script: Script;
  /** The other file of the pair. */
  readonly partner?: Script;
  /** Its text. */
  readonly text: string;
  /** What the engine would refuse about the file. */
  readonly problems: readonly FileProblem[];
}

type Draft = Pick<ParsedFile, 'script' | 'text' | 'problems'>;

/** Parses files and replays them in order, so that each statement knows what the earlier ones made. */
export async function readFiles(files: readonly SourceFile[]): Promise<ParsedFile[]> {
  const known: Known = { indexes: new Map(), notNull: new Set() };
  const drafts = new Map<string, Draft>();
  let schema: Schema = new Map();
  for (const file of [...files].sort(byOrder)) {
    const up = file.name.endsWith('.down.sql') ? drafts.get(partnerOf(file.name))?.script : undefined;
    const { draft, end } = await read(file, schema, known, up);
    drafts.set(file.name, draft);
    if (draft.script.direction === 'up') schema = end;
  }
  return [...drafts].map(([name, draft]) => {
    const partner = drafts.get(partnerOf(name))?.script;
    return { ...draft, ...(partner && partner !== draft.script ? { partner } : {}) };
  });
}

async function read(
  { name, text }: SourceFile,
  start: Schema,
  known: Known,
  up: Script | undefined,
): Promise<{ draft: Draft; end: Schema }> {
  const direction = directionOf(name);
  const { script, header, problems } = await readScript(name, Buffer.from(text, 'utf8'), direction, known);
  const { statements: trees } = await split(text);
  const lines = text.split('\n');
  let end = start;
  const statements = trees.map((tree, index): LintStatement => {
    const { locks = [], destructive = false } = script.statements[index] ?? {};
    const column = (lines[tree.line - 1] ?? '').indexOf(tree.sql.split('\n')[0] ?? '') + 1;
    const before = end;
    end = after(end, tree);
    return { ...tree, locks, destructive, column, before };
  });
  const reversible = header.reversible ?? up?.header.reversible;
  const full = {
    ...{ ...header, transaction: script.transaction },
    phase: header.phase ?? up?.header.phase ?? 'expand',
    ...(reversible ? { reversible } : {}),
  };
  const made = new Set([...tablesMadeBy(trees), ...(up?.made ?? [])]);
  return {
    draft: { script: { file: name, direction, header: full, statements, made }, text, problems },
    end,
  };
}

function directionOf(name: string): Direction {
  if (name.endsWith('.down.sql')) return 'down';
  return name.endsWith('.up.sql') ? 'up' : 'repeatable';
}

function partnerOf(name: string): string {
  return name.replace(/\.(up|down)\.sql$/, (_, way) => (way === 'up' ? '.down.sql' : '.up.sql'));
}

/** By number, up before down; repeatable files last. */
function byOrder(one: SourceFile, other: SourceFile): number {
  const rank = ({ name }: SourceFile): string =>
    directionOf(name) === 'repeatable'
      ? `~${name}`
      : name.replace(/up\.sql$/, 'a').replace(/down\.sql$/, 'b');
  return rank(one) < rank(other) ? -1 : 1;
}

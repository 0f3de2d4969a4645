import { type Header, headerOf } from './header';
import type { Direction, LintStatement, Script } from './rule';
import { after, type Schema, tablesMadeBy } from './sql/schema';
import { type ParsedText, parseSql } from './sql/statements';

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
  /** Comments, refusals and places. */
  readonly parsed: ParsedText;
}

interface Draft {
  readonly name: string;
  readonly direction: Direction;
  readonly parsed: ParsedText;
}

/** Parses files and replays them in order, so that each statement knows what the earlier ones made. */
export function readScripts(files: readonly SourceFile[]): ParsedFile[] {
  const drafts = [...files]
    .sort((one, other) => rankOf(one.name).localeCompare(rankOf(other.name)))
    .map(({ name, text }): Draft => ({ name, direction: directionOf(name), parsed: parseSql(text) }));
  const scripts = new Map<string, Script>();
  let schema: Schema = new Map();
  for (const draft of drafts) {
    const up = scripts.get(draft.name.replace(/\.down\.sql$/, '.up.sql'));
    const { script, end } = scriptOf(draft, schema, up);
    scripts.set(draft.name, script);
    if (draft.direction === 'up') schema = end;
  }
  return drafts.flatMap(({ name, parsed }) => {
    const script = scripts.get(name);
    const partner = scripts.get(partnerOf(name));
    return script ? [{ script, parsed, ...(partner ? { partner } : {}) }] : [];
  });
}

function scriptOf(
  { name, direction, parsed }: Draft,
  start: Schema,
  up?: Script,
): { script: Script; end: Schema } {
  let end = start;
  const statements = parsed.statements.map((statement): LintStatement => {
    const before = end;
    end = after(end, statement);
    return { ...statement, before };
  });
  const made = new Set([...tablesMadeBy(statements), ...(up?.made ?? [])]);
  return { script: { file: name, direction, header: headerFor(parsed, up), statements, made }, end };
}

/** A down file says how to run it; when it runs and what it costs says its up file. */
function headerFor(parsed: ParsedText, up?: Script): Header {
  const own = headerOf(parsed);
  if (!up) return own;
  const { phase, reversible } = up.header;
  return { ...own, phase, ...(reversible ? { reversible } : {}) };
}

function directionOf(name: string): Direction {
  if (name.endsWith('.down.sql')) return 'down';
  return name.endsWith('.up.sql') ? 'up' : 'repeatable';
}

function partnerOf(name: string): string {
  return name.replace(/\.(up|down)\.sql$/, (_, way) => (way === 'up' ? '.down.sql' : '.up.sql'));
}

/** Up before down of the same number; repeatable files last. */
function rankOf(name: string): string {
  const direction = directionOf(name);
  return direction === 'repeatable'
    ? `~${name}`
    : name.replace(/\.(up|down)\.sql$/, direction === 'up' ? '.1' : '.2');
}

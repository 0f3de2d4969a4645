import * as fs from 'node:fs';
import * as path from 'node:path';
import { lintFiles, type LintReport } from '../../../lib/migrations/lint';
import type { SourceFile } from '../../../lib/migrations/lint/scripts';

const FOLDER = path.join(__dirname, 'corpus');
const HEADER = '-- migrate: phase=expand reversible=lossy';

/** One file of the corpus: SQL that is refused, by which rules, and SQL that reaches the same end. */
export interface Example {
  /** Name of the rule, or of the trap. */
  readonly name: string;
  /** Ids of every finding of the refused part, in order of the alphabet. */
  readonly rules: readonly string[];
  /** The refused part as the page shows it. */
  readonly bad: string;
  /** The accepted part as the page shows it. */
  readonly good: string;
}

/** Every example, by name. A rule's is named after it; a compound trap's begins with `trap-`. */
export const EXAMPLES: readonly Example[] = fs
  .readdirSync(FOLDER)
  .sort()
  .map((file) => {
    const text = fs.readFileSync(path.join(FOLDER, file), 'utf8');
    const [, rules = '', bad = '', good = ''] =
      /^--- refused (.*)\n([^]*)--- accepted\n([^]*)$/.exec(text) ?? [];
    return { name: path.basename(file, '.sql'), rules: rules.split(' ').sort(), bad, good };
  });

/** Lints a part of an example. */
export function lintExample(text: string): Promise<LintReport> {
  return lintFiles(filesOf(text));
}

/** The part as pages show it: with the names of its files, when there are several. */
export function shown(text: string): string {
  return text.replaceAll(/^--- file (.*)$/gm, '-- file: $1').trim();
}

/** Up files without a header get one, so that examples show what they are about. */
function filesOf(text: string): SourceFile[] {
  const parts = text.split(/^--- file /m);
  const named = parts.length > 1 ? parts.slice(1) : [`0002_change.up.sql\n${text}`];
  return named.map((part) => {
    const name = part.slice(0, part.indexOf('\n'));
    const body = part.slice(part.indexOf('\n') + 1);
    const bare = name.endsWith('.up.sql') && !body.includes('-- migrate: phase=');
    return { name, text: bare ? `${HEADER}\n${body}` : body };
  });
}

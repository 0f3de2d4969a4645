import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { lintFiles, type Statistics } from './lint';
import type { LintReport } from './report';

export { lintFiles, type Statistics } from './lint';
export { renderPage, type RuleExample } from './page';
export type { Finding, LintReport, SuppressedFinding } from './report';
export type { Rule, Severity } from './rule';
export { ALL_RULES } from './rules';
export { toSarif } from './sarif';
export { toText } from './text';

/** How to lint a folder. */
export interface LintOptions {
  /** Estimated sizes of tables; a table that is not there counts as large. */
  readonly statistics?: Statistics;
  /** Folder that the report's paths start from; the parent of the migrations' folder when absent. */
  readonly root?: string;
}

/**
 * Lints every `*.sql` of a folder and of its `repeatable/`, with PostgreSQL's own grammar. What each file says in
 * its header is looked at too; whether every number has its pair is `readMigrations`'s to say.
 *
 * @throws what the file system says when the folder cannot be read
 */
export async function lintMigrations(folder: string, options: LintOptions = {}): Promise<LintReport> {
  const names = [...(await sqlIn(folder)), ...(await sqlIn(folder, 'repeatable'))];
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await fs.readFile(path.join(folder, name), 'utf8') })),
  );
  const shown = path.relative(options.root ?? path.dirname(path.resolve(folder)), path.resolve(folder));
  const prefix = shown === '' ? '' : `${shown.split(path.sep).join('/')}/`;
  return lintFiles(files, options.statistics, prefix);
}

async function sqlIn(folder: string, below = ''): Promise<string[]> {
  const entries = await fs
    .readdir(path.join(folder, below), { withFileTypes: true })
    .catch((error: unknown) => {
      if (below !== '' && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => path.posix.join(below, entry.name));
}

import { spawnSync } from 'node:child_process';
import * as path from 'node:path';

/** The repository's root. */
export const root = path.resolve(__dirname, '../..');

/**
 * Wall times of Node processes that are compared, in seconds: of each the least of several runs, since noise only ever adds.
 * They take turns, so that a slower hour of the machine meets all of them.
 * @throws Error with what a process printed, when it fails
 */
export function secondsOf(processes: readonly (readonly string[])[], runs: number): readonly number[] {
  const least = processes.map(() => Infinity);
  for (let run = 0; run < runs; run += 1)
    processes.forEach((args, index) => {
      const started = process.hrtime.bigint();
      const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (result.status !== 0)
        throw new Error(`node ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
      least[index] = Math.min(least[index] ?? Infinity, seconds);
    });
  return least;
}

/** Prints a table with its columns aligned. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

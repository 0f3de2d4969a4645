import type { Problem } from '../report';
import { titleOf } from '../model';

/** The two files of one number. */
export interface Pair {
  /** Its number. */
  readonly id: number;
  /** What the file names say of it. */
  readonly name: string;
  /** Name of the file that applies it; absent when it is missing. */
  readonly up?: string;
  /** Name of the file that undoes it; absent when it is missing. */
  readonly down?: string;
}

const FILE = /^(\d+)_([a-z0-9]+(?:_[a-z0-9]+)*)\.(up|down)\.sql$/;

/** Sorts the names of a folder into pairs, and tells what is wrong with them. */
export function pairsOf(names: readonly string[]): {
  readonly pairs: readonly Pair[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const byTitle = new Map<string, Pair>();
  for (const file of [...names].sort()) {
    if (!file.endsWith('.sql')) continue;
    const [, digits = '', name = '', direction] = FILE.exec(file) ?? [];
    const id = Number(digits);
    if (id < 1 || file !== `${titleOf({ id, name })}.${direction ?? ''}.sql`) {
      problems.push({
        code: 'bad-name',
        message: 'The name is not of the form 0001_small_letters.up.sql or .down.sql.',
        mend: 'Rename it; repeatable definitions belong in the folder "repeatable".',
        file,
      });
      continue;
    }
    const title = titleOf({ id, name });
    byTitle.set(title, { ...byTitle.get(title), id, name, [direction === 'up' ? 'up' : 'down']: file });
  }
  const pairs = [...byTitle.values()].sort(
    (one, other) => one.id - other.id || (one.name < other.name ? -1 : 1),
  );
  for (const [index, pair] of pairs.entries()) {
    problems.push(...missingHalf(pair));
    const before = pairs[index - 1];
    const expected = (before?.id ?? 0) + 1;
    const file = pair.up ?? pair.down ?? '';
    if (before?.id === pair.id)
      problems.push({
        code: 'duplicate-number',
        message: `${titleOf(pair)} has the number of ${titleOf(before)}.`,
        mend: `Give the newer one the next free number, ${String((pairs.at(-1)?.id ?? 0) + 1).padStart(4, '0')}.`,
        migration: titleOf(pair),
        file,
      });
    else if (pair.id !== expected)
      problems.push({
        code: 'gap',
        message: `${titleOf(pair)} follows number ${before?.id ?? 0}; ${String(expected).padStart(4, '0')} is missing.`,
        mend: 'Restore the missing pair, or number the new ones without gaps.',
        migration: titleOf(pair),
        file,
      });
  }
  return { pairs, problems };
}

function missingHalf(pair: Pair): readonly Problem[] {
  const { up, down } = pair;
  if (up !== undefined && down !== undefined) return [];
  const missing = `${titleOf(pair)}.${up === undefined ? 'up' : 'down'}.sql`;
  return [
    {
      code: 'missing-pair',
      message: `${missing} is missing.`,
      mend:
        down === undefined
          ? 'Write it; when it cannot be undone give reversible=no and say why in the file.'
          : 'Write it, or delete its down file.',
      migration: titleOf(pair),
      file: up ?? down ?? missing,
    },
  ];
}

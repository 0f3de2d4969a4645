import { titleOf } from '../model';
import { undo } from './apply';
import { dropInvalid, invalidIndexes } from './concurrently';
import { Refusal } from './errors';
import { findDrift, storeExpected } from './expected';
import { log, readHistory, type Row } from './history';
import type { Run } from './run';
import { closeRun } from './up';

/**
 * Clears what a broken run left: undoes what is half-way when that loses nothing, drops invalid indexes that
 * nobody builds, and takes the catalogue as it then is for what is expected. Says each thing that it changed.
 *
 * @throws Refusal when something half-way cannot be undone without losing data; the rest is cleared all the same
 */
export async function repair(run: Run): Promise<void> {
  const { client } = run.session;
  const drift = await findDrift(client);
  const rows = (await readHistory(client)).filter(({ state }) => state !== 'applied');
  const refused = [];
  for (const row of rows.sort((one, other) => other.id - one.id)) refused.push(...(await clear(run, row)));
  for (const index of await invalidIndexes(client)) {
    const name = `${index.schema}.${index.name}`;
    const task = {
      title: name,
      direction: 'down',
      file: '',
      start: run.engine.clock.now(),
      attempts: 0,
    } as const;
    await dropInvalid(run, { ...task }, index);
    await note(run, `The invalid index ${name} is dropped.`);
  }
  for (const { kind, object, expected, found } of drift.differences) {
    const change = expected === undefined ? 'is new' : found === undefined ? 'is gone' : 'has changed';
    await note(run, `From now on it is expected that the ${kind} ${object} ${change}.`);
  }
  await storeExpected(client);
  if (refused.length > 0) throw new Refusal(refused);
  await closeRun(run);
}

async function clear(run: Run, row: Row): Promise<Refusal['problems']> {
  const title = titleOf(row);
  const migration = run.engine.set.migrations.find(({ id }) => id === row.id);
  if (row.buildPid !== null)
    return [
      {
        code: 'still-building',
        migration: title,
        message: `${title}: process ${row.buildPid} of the database still builds its index.`,
        mend: 'Let it finish and run `up`, or end it with pg_cancel_backend and repair again.',
      },
    ];
  if (migration?.reversible !== 'lossless')
    return [
      {
        code: 'left-half-done',
        migration: title,
        message: `${title} stays half-done: ${migration ? `undoing it would lose data (reversible=${migration.reversible})` : 'this release has no such file'}.`,
        mend: migration
          ? 'Mend the cause and run `up`, which continues, or undo it with `down` and `allowLoss` (`--allow-loss`).'
          : 'Repair it from the release that has the file.',
      },
    ];
  await undo(run, migration, row, true);
  await note(run, `${title} was half-done and is undone.`);
  return [];
}

async function note(run: Run, words: string): Promise<void> {
  run.engine.tell({ kind: 'note', words });
  await log(run.session.client, run.engine, { action: 'repair', outcome: 'repaired', words });
}

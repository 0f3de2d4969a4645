import { type Migration, titleOf } from '../model';
import type { Problem } from '../report';
import type { DownRequest } from '../request';
import { undo } from './apply';
import { Failure, OutOfTime, Refusal } from './errors';
import { driftProblems, findDrift, storeExpected } from './expected';
import { servingQueries } from './gate';
import { log, markFailed, readHistory, type Row } from './history';
import { fileProblems } from './preflight';
import { tellSecond } from './rollback';
import type { Run } from './run';
import { closeRun } from './up';

/**
 * Undoes everything above a number, in the reverse order of how it was applied. Without `allowLoss` nothing that
 * loses data is undone, nor what a release that has sessions needs.
 */
export async function down(run: Run, request: DownRequest): Promise<void> {
  const { engine, session } = run;
  const { client } = session;
  const rows = await readHistory(client);
  const above = rows.filter(({ id }) => id > request.to).sort(newestFirst);
  const problems = [
    ...fileProblems(engine.set, rows),
    ...above.flatMap((row) => lossProblems(run, row, request.allowLoss === true)),
    ...(above.length > 0 ? driftProblems((await findDrift(client)).differences) : []),
  ];
  if (problems.length > 0) throw new Refusal(problems);
  if (above.length === 0) return;
  const serving = request.allowLoss === true ? [] : await servingQueries(client, engine, true);
  const guarded = { ...run, serving };
  // The next `up` defines them again: what they stand on may be gone.
  await client.query('DELETE FROM migrate.repeatables');
  try {
    for (const row of above) {
      if (engine.left() <= 0) throw new OutOfTime();
      const migration = migrationOf(run, row);
      if (migration) await undo(guarded, migration, row, row.state !== 'applied');
    }
  } catch (error) {
    if (!(error instanceof OutOfTime))
      await fail(run, error).catch((second: unknown) => tellSecond(run, error, second));
    throw error;
  }
  await storeExpected(client);
  await closeRun(run);
}

function newestFirst(one: Row, other: Row): number {
  const half = Number(one.state === 'applied') - Number(other.state === 'applied');
  return half || other.sequence - one.sequence || other.id - one.id;
}

function lossProblems(run: Run, row: Row, allowLoss: boolean): readonly Problem[] {
  const migration = migrationOf(run, row);
  const title = titleOf(row);
  if (migration?.reversible === 'no')
    return [
      {
        code: 'irreversible',
        migration: title,
        file: migration.down.file,
        message: `${title} cannot be undone (reversible=no).`,
        mend: 'Write a new migration, or restore the database from before it.',
      },
    ];
  if (migration?.reversible === 'lossy' && !allowLoss)
    return [
      {
        code: 'loses-data',
        migration: title,
        file: migration.down.file,
        message: `Undoing ${title} loses data (reversible=lossy).`,
        mend: 'Pass `allowLoss` (`--allow-loss`) when the data may go.',
      },
    ];
  return [];
}

async function fail(run: Run, error: unknown): Promise<void> {
  if (error instanceof Failure && error.problem.code === 'connection-lost') return;
  const { client } = run.session;
  const words = error instanceof Error ? error.message : 'unknown';
  const step = run.steps.at(-1);
  for (const row of await readHistory(client))
    if (row.state === 'running' && row.direction === 'down')
      await markFailed(client, row.id, words, step?.milliseconds ?? 0);
  await log(client, run.engine, {
    action: 'down',
    ...(step && { title: step.title, milliseconds: step.milliseconds, attempts: step.attempts }),
    outcome: 'failed',
    words,
  });
  await storeExpected(client);
}

function migrationOf(run: Run, row: Row): Migration | undefined {
  return run.engine.set.migrations.find(({ id }) => id === row.id);
}

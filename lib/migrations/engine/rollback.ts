import { type Migration, titleOf } from '../model';
import type { Problem } from '../report';
import { undo } from './apply';
import { Failure, isConnectionLost, problemOf } from './errors';
import { storeExpected } from './expected';
import { log, markFailed, readHistory, type Row } from './history';
import type { Run } from './run';
import { closeRun } from './up';

/**
 * After a run that failed: undoes what it left half-done and what it applied before, by their downs, when that
 * loses nothing and none of it is of the contract phase. Otherwise everything stays and is said in words: the
 * older release works with an expanded schema, and data is never given up unasked.
 */
export async function afterFailure(run: Run, error: unknown): Promise<void> {
  if (lost(error)) return; // Nothing can be done or written; the history says where it stands.
  const { client } = run.session;
  try {
    await logFailure(run, error);
    const rows = await readHistory(client);
    const mine = rows.filter((row) => row.run === run.id);
    const clean = await undoHalf(
      run,
      mine.filter(({ state }) => state === 'running'),
      error,
    );
    await undoEarlier(
      run,
      mine.filter(({ state }) => state === 'applied'),
      clean,
    );
    await storeExpected(client);
    await closeRun(run);
  } catch (second) {
    tellSecond(run, error, second);
  }
}

/** What broke while a failure was dealt with is told beside it, never instead of it. */
export function tellSecond(run: Run, error: unknown, second: unknown): void {
  // The run's session goes with its watchdog, which is told already.
  if (error instanceof Failure && error.problem.code === 'watchdog-lost' && lost(second)) return;
  run.problems.push(second instanceof Failure ? second.problem : problemOf(second));
}

function lost(error: unknown): boolean {
  return error instanceof Failure ? error.problem.code === 'connection-lost' : isConnectionLost(error);
}

async function logFailure(run: Run, error: unknown): Promise<void> {
  const step = run.steps.at(-1);
  const sqlstate = error instanceof Failure ? error.problem.sqlstate : undefined;
  await log(run.session.client, run.engine, {
    action: step?.direction ?? 'up',
    ...(step && { title: step.title, milliseconds: step.milliseconds, attempts: step.attempts }),
    outcome: 'failed',
    words: error instanceof Error ? error.message : 'unknown',
    ...(sqlstate !== undefined && { sqlstate }),
  });
}

/** Causes that are no fault of the migration: hours of a backfill are not given up for them. */
const PASSING = new Set(['lock-timeout', 'disk-full', 'stalled']);

function passes(error: unknown): boolean {
  return error instanceof Failure && PASSING.has(error.problem.code);
}

/** Undoes the migration that broke between two statements. Tells whether nothing of it is left. */
async function undoHalf(run: Run, rows: readonly Row[], error: unknown): Promise<boolean> {
  for (const row of rows) {
    const migration = migrationOf(run, row);
    const words = error instanceof Error ? error.message : 'unknown';
    await markFailed(run.session.client, row.id, words, run.steps.at(-1)?.milliseconds ?? 0);
    if (migration?.backfill && passes(error)) {
      run.problems.push({
        code: 'left-half-way',
        migration: titleOf(row),
        message: `${titleOf(row)} keeps what it has filled, ${row.rowsDone ?? 0} of about ${row.rowsAll ?? 0} rows: what stopped it passes.`,
        mend: 'Run `up` again once it has passed: it goes on behind the last batch. `repair` undoes it instead.',
      });
      return false;
    }
    if (migration?.reversible === 'lossless') {
      const undone = await tryUndo(run, migration, row, true);
      if (undone) continue;
    }
    run.problems.push({
      code: 'left-half-done',
      migration: titleOf(row),
      message: `${titleOf(row)} is left half-done${migration?.reversible === 'lossless' ? '' : `, since undoing it would lose data (reversible=${row.reversible})`}.`,
      mend: 'Mend the cause and run `up` again, which continues behind the last statement that is done; or use `repair`.',
    });
    return false;
  }
  return true;
}

async function undoEarlier(run: Run, rows: readonly Row[], clean: boolean): Promise<void> {
  const newestFirst = [...rows].sort((one, other) => other.sequence - one.sequence);
  if (newestFirst.length === 0) return;
  const reasons = newestFirst
    .filter(({ reversible, phase }) => reversible !== 'lossless' || phase === 'contract')
    .map(
      (row) => `${titleOf(row)} is ${row.phase === 'contract' ? 'of the contract phase' : row.reversible}`,
    );
  if (!clean) reasons.push('what came after it is left half-done');
  if (reasons.length > 0) {
    keep(run, newestFirst, reasons.join(', '));
    return;
  }
  for (const [index, row] of newestFirst.entries()) {
    const migration = migrationOf(run, row);
    if (!migration || !(await tryUndo(run, migration, row, false))) {
      keep(run, newestFirst.slice(index), `${titleOf(row)} could not be undone`);
      return;
    }
  }
}

/** Tries; what breaks is a problem of its own. */
async function tryUndo(run: Run, migration: Migration, row: Row, tolerant: boolean): Promise<boolean> {
  try {
    await undo(run, migration, row, tolerant);
    return true;
  } catch (error) {
    if (lost(error)) throw error;
    const problem = error instanceof Failure ? error.problem : problemOf(error);
    run.problems.push({
      ...problem,
      code: 'undo-failed',
      mend: 'Mend the down file or the cause, and run `down`.',
    });
    return false;
  }
}

function keep(run: Run, rows: readonly Row[], why: string): void {
  const titles = rows.map(titleOf);
  for (const title of titles)
    run.steps.push({ title, direction: 'up', outcome: 'kept', milliseconds: 0, attempts: 0 });
  const problem: Problem = {
    code: 'kept',
    message: `${titles.join(', ')} of the same run ${titles.length === 1 ? 'stays' : 'stay'} applied: ${why}.`,
    mend: 'The older release works with it. Mend what failed and run `up` again, or decide on `down` yourself.',
  };
  run.problems.push(problem);
}

function migrationOf(run: Run, row: Row): Migration | undefined {
  return run.engine.set.migrations.find(({ id }) => id === row.id);
}

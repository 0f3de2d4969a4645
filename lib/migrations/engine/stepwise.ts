import { type Migration, type Statement } from '../model';
import { backfill } from './backfill';
import { concurrently } from './concurrently';
import { OutOfTime, sqlstateOf } from './errors';
import { type BlueGate, blueGate } from './gate';
import { log, removeRow, type Row, scriptOf, writeRow } from './history';
import { retrying } from './retry';
import type { Run, Task } from './run';
import { begin, outside, timesOf } from './session';
import { elapsed } from './task';
import { assertAll, execute, finish } from './transactional';

/** Kinds of statements that PostgreSQL runs only outside of a transaction, and that may be run twice. */
const BARE = new Set(['VacuumStmt', 'CallStmt', 'ReindexStmt', 'AlterSystemStmt']);

/** How a migration runs whose statements are recorded one by one. */
export interface Stepwise {
  /** The migration. */
  readonly migration: Migration;
  /** Which way. */
  readonly direction: 'up' | 'down';
  /** What the history has of it. */
  readonly row: Row | undefined;
  /** Whether objects that are not there are passed over. */
  readonly tolerant: boolean;
}

/**
 * Runs a migration statement by statement. The history knows after each how many are done: in the same
 * transaction when the statement can be in one, so that a rerun continues exactly behind it.
 */
export async function stepByStep(run: Run, task: Task, work: Stepwise): Promise<void> {
  const { engine, session } = run;
  const { migration, direction, row } = work;
  const { client } = session;
  const script = scriptOf(migration, direction);
  const continued = row?.direction === direction && row.state !== 'applied' ? row : undefined;
  const first = continued?.step ?? 0;
  if (direction === 'up' && first === 0 && (continued?.begun ?? 0) === 0)
    await retrying(run, task, async () => {
      await client.query(begin(engine, timesOf(engine, script)));
      await assertAll(run, task, migration.checks.before, 'before');
      await client.query('ROLLBACK');
    });
  await writeRow(client, engine, migration, {
    run: run.id,
    direction,
    state: 'running',
    milliseconds: 0,
    attempts: 1,
    restorePoint: run.restorePoint,
  });
  const gate = await blueGate(run);
  for (const [index, statement] of script.statements.entries()) {
    if (index < first) continue;
    if (engine.left() <= 0) throw new OutOfTime();
    task.line = statement.line;
    const begun = continued !== undefined && continued.begun > index;
    await oneStep(run, task, work, { statement, index, begun, gate, continued });
    engine.tell({
      kind: 'step',
      title: task.title,
      words: `${task.title}: ${index + 1} of ${script.statements.length} statements are done.`,
    });
  }
  await retrying(run, task, async () => {
    await client.query(begin(engine, timesOf(engine, script)));
    if (direction === 'up') await assertAll(run, task, migration.checks.after, 'after');
    await finish(run, task, gate, () => record(run, task, work));
  });
}

/** One statement of a migration and where it stands. */
interface OneStep {
  readonly statement: Statement;
  /** Its place, from 0. */
  readonly index: number;
  /** Whether an earlier call began it. */
  readonly begun: boolean;
  readonly gate: BlueGate;
  readonly continued: Row | undefined;
}

async function oneStep(run: Run, task: Task, work: Stepwise, step: OneStep): Promise<void> {
  const { migration, direction, tolerant } = work;
  const { statement, index, gate } = step;
  const { client } = run.session;
  if (direction === 'up' && migration.backfill)
    return backfill(run, task, migration, step.continued, () => done(run, migration.id, index));
  if (statement.concurrently) {
    await concurrently(run, task, migration, { ...step, script: scriptOf(migration, direction), tolerant });
    await gate(task.title);
    return done(run, migration.id, index);
  }
  if (BARE.has(statement.kind)) {
    await bare(run, task, work, statement);
    return done(run, migration.id, index);
  }
  try {
    await retrying(run, task, async () => {
      await client.query(begin(run.engine, timesOf(run.engine, scriptOf(migration, direction))));
      await execute(run, task, statement, tolerant);
      const { line } = task;
      await finish(run, task, gate, () => done(run, migration.id, index));
      if (line !== undefined) task.line = line;
    });
  } catch (error) {
    // What cannot be in a transaction says so, and has done nothing.
    if (sqlstateOf(error) !== '25001') throw error;
    await bare(run, task, work, statement);
    await done(run, migration.id, index);
  }
}

async function bare(run: Run, task: Task, work: Stepwise, statement: Statement): Promise<void> {
  const { client } = run.session;
  await retrying(run, task, async () => {
    await client.query(outside(run.engine, timesOf(run.engine, scriptOf(work.migration, work.direction))));
    await client.query(statement.sql);
  });
}

/** Records that a statement is done. */
async function done(run: Run, id: number, index: number): Promise<void> {
  await run.session.client.query(
    `UPDATE migrate.history SET step = $2, begun = $2, build_pid = NULL, build_start = NULL,
       changed_at = clock_timestamp() WHERE id = $1`,
    [id, index + 1],
  );
}

async function record(run: Run, task: Task, { migration, direction }: Stepwise): Promise<void> {
  const { client } = run.session;
  if (direction === 'down') await removeRow(client, migration.id);
  else
    await client.query(
      `UPDATE migrate.history SET state = 'applied', milliseconds = milliseconds + $2, runner_pid = NULL,
         runner_start = NULL, changed_at = clock_timestamp(),
         sequence = nextval(pg_get_serial_sequence('migrate.history', 'sequence'))
       WHERE id = $1`,
      [migration.id, elapsed(run, task)],
    );
  await log(client, run.engine, {
    action: direction,
    title: task.title,
    outcome: direction === 'up' ? 'applied' : 'undone',
    milliseconds: elapsed(run, task),
    attempts: task.attempts,
    sha256: scriptOf(migration, direction).sha256,
    ...(run.restorePoint !== undefined && { restorePoint: run.restorePoint }),
  });
}

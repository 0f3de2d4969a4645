import type { Assertion, Script, Statement } from '../model';
import { Failure, sqlstateOf } from './errors';
import type { BlueGate } from './gate';
import { blueGate } from './gate';
import { retrying } from './retry';
import type { Run, Task } from './run';
import { begin, timesOf } from './session';

/** What is one transaction. */
export interface Work {
  /** The statements. */
  readonly script: Script;
  /** Asserted before them. */
  readonly before?: readonly Assertion[];
  /** Asserted after them. */
  readonly after?: readonly Assertion[];
  /** Writes the history, as the last thing in the transaction. */
  readonly record: () => Promise<void>;
  /** Whether objects that are not there are passed over: what undoes half of a migration meets half of them. */
  readonly tolerant?: boolean;
}

/** Runs statements and the row of the history as one transaction, tried again while its locks are held. */
export async function inOneTransaction(run: Run, task: Task, work: Work): Promise<void> {
  const { client } = run.session;
  await retrying(run, task, async () => {
    const gate = await blueGate(run);
    await client.query(begin(run.engine, timesOf(run.engine, work.script)));
    await assertAll(run, task, work.before ?? [], 'before');
    for (const statement of work.script.statements)
      await execute(run, task, statement, work.tolerant === true);
    await assertAll(run, task, work.after ?? [], 'after');
    await finish(run, task, gate, work.record);
  });
}

/** Holds the open transaction to the gate, writes the history and commits. */
export async function finish(
  run: Run,
  task: Task,
  gate: BlueGate,
  record: () => Promise<void>,
): Promise<void> {
  delete task.line;
  await gate(task.title);
  await record();
  const { command } = await run.session.client.query('COMMIT');
  if (command !== 'COMMIT')
    throw new Failure({
      code: 'not-committed',
      message: `PostgreSQL answered COMMIT with ${command}: nothing of ${task.title} is left.`,
      mend: 'Look for a statement that swallows errors.',
      migration: task.title,
      file: task.file,
    });
}

/** Objects that are not there: undefined object, table, column, function, schema. */
const UNDEFINED = ['42704', '42P01', '42703', '42883', '3F000'];

/** Runs one statement of the open transaction. */
export async function execute(run: Run, task: Task, statement: Statement, tolerant = false): Promise<void> {
  const { client } = run.session;
  task.line = statement.line;
  if (run.watchdog.lost.aborted) throw new Failure(unwatched(task));
  if (!tolerant) await client.query(statement.sql);
  else {
    await client.query('SAVEPOINT tolerant');
    try {
      await client.query(statement.sql);
    } catch (error) {
      if (!UNDEFINED.includes(sqlstateOf(error) ?? '')) throw error;
      await client.query('ROLLBACK TO SAVEPOINT tolerant');
    }
  }
  if (client.getTransactionStatus() !== 'T')
    throw new Failure({
      code: 'transaction-control',
      message: `${task.file}:${statement.line}: the statement ended the transaction that the engine holds.`,
      mend: 'Take out what commits or rolls back, or write `transaction=false`.',
      migration: task.title,
      file: task.file,
      line: statement.line,
    });
}

/** Asks each query, which has to answer true. */
export async function assertAll(
  run: Run,
  task: Task,
  assertions: readonly Assertion[],
  when: 'before' | 'after',
): Promise<void> {
  for (const { sql, line } of assertions) {
    task.line = line;
    const { rows } = await run.session.client.query<Record<string, unknown>>(sql);
    if (rows.length === 1 && Object.values(rows[0] ?? {})[0] === true) continue;
    throw new Failure({
      code: 'check-failed',
      message: `${task.file}:${line}: the check ${when} does not hold: ${sql}`,
      mend:
        when === 'before'
          ? 'Bring the data into the state that the migration expects, and run again.'
          : 'The migration did not do what it promises; mend it.',
      migration: task.title,
      file: task.file,
      line,
    });
  }
}

/** Without the watchdog nothing may run. */
function unwatched(task: Task): Failure['problem'] {
  return {
    code: 'watchdog-lost',
    message: `Nobody watches any more whether the application waits for ${task.title}: its connection was lost.`,
    mend: 'Run again once the database takes connections.',
    migration: task.title,
    file: task.file,
  };
}

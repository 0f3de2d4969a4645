import { escapeIdentifier } from 'pg';
import type { Backfill, Migration } from '../model';
import { OutOfTime } from './errors';
import type { Row } from './history';
import { retrying } from './retry';
import type { Run, Task } from './run';
import { begin, timesOf } from './session';

/** A pause is made longer while sessions wait for locks, up to this, in milliseconds. */
const LONGEST_PAUSE_MS = 2_000;
const SMALLEST_BATCH = 100;

/** How far a backfill is. */
interface Position {
  readonly key: string | null;
  readonly visited: number;
  readonly all: number;
}

/** What one batch did. */
interface Batch {
  readonly position: Position;
  readonly last: boolean;
  /** Sessions that waited for any lock when it ended. */
  readonly waiting: number;
}

/**
 * Visits all rows in batches, in the order of the key. The key that a batch has reached is committed with the
 * batch, so that a rerun continues behind it. Batches that take long are made smaller, and pauses are made
 * longer while sessions wait for locks. What is held in memory does not grow with the table.
 */
export async function backfill(
  run: Run,
  task: Task,
  migration: Migration,
  row: Row | undefined,
  done: () => Promise<void>,
): Promise<void> {
  const { engine } = run;
  const { clock, limits } = engine;
  const plan = migration.backfill;
  if (!plan) return;
  task.rows = 0;
  let position: Position = {
    key: row?.position ?? null,
    visited: row?.rowsDone ?? 0,
    all: row?.rowsAll ?? (await estimate(run, plan)),
  };
  let size = plan.batch;
  let pause = plan.pauseMs;
  for (;;) {
    if (engine.left() <= 0) throw new OutOfTime();
    const from = position;
    const start = clock.now();
    const batch = await retrying(run, task, () => oneBatch(run, task, migration, plan, from, size, done));
    position = batch.position;
    engine.tell({
      kind: 'progress',
      title: task.title,
      words: `${task.title}: ${position.visited} of about ${position.all} rows are visited.`,
      rows: { done: position.visited, all: position.all },
    });
    if (batch.last) return;
    const took = clock.now() - start;
    if (took > limits.batchMs) size = Math.max(Math.min(SMALLEST_BATCH, plan.batch), Math.floor(size / 2));
    else if (took < limits.batchMs / 2) size = Math.min(plan.batch, Math.ceil(size * 1.5));
    pause = batch.waiting > 0 ? Math.min(LONGEST_PAUSE_MS, Math.max(10, pause * 2)) : plan.pauseMs;
    if (pause > 0) await clock.sleep(pause);
  }
}

async function oneBatch(
  run: Run,
  task: Task,
  migration: Migration,
  plan: Backfill,
  from: Position,
  size: number,
  done: () => Promise<void>,
): Promise<Batch> {
  const { client } = run.session;
  const statement = migration.up.statements[0]?.sql ?? '';
  await client.query(begin(run.engine, timesOf(run.engine, migration.up)));
  const { key, count } = await nextKey(run, plan, from.key, size);
  const last = count < size;
  let changed = 0;
  if (key !== null) changed = (await client.query(statement, [from.key, key])).rowCount ?? 0;
  const visited = from.visited + count;
  const position = {
    key: key ?? from.key,
    visited,
    all: last ? visited : Math.max(from.all, visited),
  };
  const { rows } = await client.query<{ waiting: number }>(
    `UPDATE migrate.history SET position = $2, rows_done = $3, rows_all = $4, begun = 1,
       changed_at = clock_timestamp()
     WHERE id = $1 RETURNING (SELECT count(*)::int FROM pg_locks WHERE NOT granted) AS waiting`,
    [migration.id, position.key, position.visited, position.all],
  );
  if (last) await done();
  await client.query('COMMIT');
  task.rows = (task.rows ?? 0) + changed;
  return { position, last, waiting: rows[0]?.waiting ?? 0 };
}

async function nextKey(
  run: Run,
  plan: Backfill,
  after: string | null,
  size: number,
): Promise<{ readonly key: string | null; readonly count: number }> {
  const column = escapeIdentifier(plan.key);
  const where = after === null ? '' : `WHERE ${column} > $1`;
  const { rows } = await run.session.client.query<{ key: string; count: number }>(
    `SELECT key::text AS key, (count(*) OVER ())::int AS count
     FROM (SELECT ${column} AS key FROM ${tableOf(plan)} ${where} ORDER BY ${column} LIMIT ${size}) batch
     ORDER BY batch.key DESC LIMIT 1`,
    after === null ? [] : [after],
  );
  return { key: rows[0]?.key ?? null, count: rows[0]?.count ?? 0 };
}

/** What the planner expects, which also knows tables that were never analysed. */
async function estimate(run: Run, plan: Backfill): Promise<number> {
  const { rows } = await run.session.client.query<{
    'QUERY PLAN': readonly { Plan: Record<string, unknown> }[];
  }>(`EXPLAIN (FORMAT JSON) SELECT FROM ${tableOf(plan)}`);
  return Number(rows[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0);
}

function tableOf(plan: Backfill): string {
  return plan.table.split('.').map(escapeIdentifier).join('.');
}

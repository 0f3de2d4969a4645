import { type Client, escapeIdentifier } from 'pg';
import { watch } from '../guards';
import type { Migration, Script, Statement } from '../model';
import type { Problem } from '../report';
import { Failure, isConnectionLost, isRetryable, OutOfTime, problemOf } from './errors';
import { retrying } from './retry';
import type { Run, Task } from './run';
import { closeSession, openSession, outside } from './session';

/** Longest that a concurrent statement runs unless its file allows more, in milliseconds. */
const LONGEST_BUILD_MS = 3_600_000;
/** Times between two looks at a build, in milliseconds. */
const [FIRST_LOOK_MS, LAST_LOOK_MS] = [50, 1_000];
/** Most builds of one index in one call; after a deadlock or a lock that was not free. */
const BUILDS = 5;

/** A concurrent statement and where it stands. */
interface Concurrent {
  readonly script: Script;
  readonly statement: Statement;
  /** Its place in the script, from 0. */
  readonly index: number;
  /** Whether an earlier call began it. */
  readonly begun: boolean;
  readonly tolerant: boolean;
}

/**
 * Builds, drops or rebuilds an index CONCURRENTLY, in a session of its own that goes on when this runner is
 * gone: a build may take longer than a function may run. A later call waits for it, and looks at what it left.
 * An invalid index, which a broken build leaves behind, is dropped before the next one.
 */
export async function concurrently(
  run: Run,
  task: Task,
  migration: Migration,
  step: Concurrent,
): Promise<void> {
  const { verb, index: name } = step.statement.concurrently ?? { verb: 'create', index: '' };
  let begun = step.begun;
  for (let builds = 1; ; builds += 1) {
    if (begun) await untilBuilt(run, task, migration.id);
    const found = await findIndex(run.session.client, name);
    if (begun && verb === 'create' && found?.valid === true) return;
    if ((begun || step.tolerant) && verb === 'drop' && !found) return;
    if (verb === 'create' && found?.valid === false) await dropInvalid(run, task, found);
    if (verb === 'reindex') await dropLeftOvers(run, task, name);
    try {
      begun = true;
      await build(run, task, migration.id, step);
      return;
    } catch (error) {
      await cleanUp(run, task, verb, name, error);
      if (!isRetryable(error) || builds >= BUILDS) throw error;
    }
  }
}

/** After a broken build its invalid index goes at once: it would slow every write down and serve no query. */
async function cleanUp(run: Run, task: Task, verb: string, name: string, error: unknown): Promise<void> {
  if (error instanceof OutOfTime || verb === 'drop') return;
  const found = await findIndex(run.session.client, name);
  if (verb === 'create' && found?.valid === false) await dropInvalid(run, task, found);
  if (verb === 'reindex') await dropLeftOvers(run, task, name);
}

async function build(run: Run, task: Task, id: number, step: Concurrent): Promise<void> {
  const { engine, session } = run;
  task.attempts += 1;
  const own = await openSession(engine);
  const watchdog = await watch({
    connect: engine.connect,
    pid: own.pid,
    budgetMs: engine.limits.stallBudgetMs,
    pollMs: engine.limits.stallPollMs,
    clock: engine.clock,
  });
  let left = false;
  try {
    const longest = Math.max(step.script.statementTimeoutMs, LONGEST_BUILD_MS);
    // It waits for old transactions with a lock that stops neither reads nor writes: no short lock_timeout.
    await own.client.query(outside(engine, { lockTimeoutMs: longest, statementTimeoutMs: longest }));
    await own.client.query('SET client_connection_check_interval = 0');
    await session.client.query(
      `UPDATE migrate.history SET begun = $2, build_pid = $3, changed_at = clock_timestamp(),
         build_start = (SELECT backend_start FROM pg_stat_activity WHERE pid = $3) WHERE id = $1`,
      [id, step.index + 1, own.pid],
    );
    const ended = own.client.query(step.statement.sql).then(
      () => ({ error: undefined }),
      (error: unknown) => ({ error }),
    );
    for (let wait = FIRST_LOOK_MS; ; wait = Math.min(LAST_LOOK_MS, wait * 1.5)) {
      const result = await Promise.race([ended, engine.clock.sleep(wait).then(() => undefined)]);
      if (result) {
        if (isConnectionLost(result.error)) throw new Failure(sessionEnded(task, result.error));
        if (result.error !== undefined) throw result.error as Error;
        return;
      }
      left = engine.left() <= 0;
      if (left) throw new OutOfTime();
      // Nobody watches any more who waits for it.
      if (watchdog.lost.aborted) await session.client.query('SELECT pg_cancel_backend($1)', [own.pid]);
      await tellProgress(run, task, own.pid);
    }
  } finally {
    task.beside = await watchdog.stop();
    if (left) own.client.connection.stream.destroy();
    else await closeSession(own);
  }
}

/** Somebody ended the session of a build while the run's own goes on: what it left is dropped, and nothing is tried again unasked. */
function sessionEnded(task: Task, error: unknown): Problem {
  return problemOf(
    error,
    { migration: task.title, file: task.file, ...(task.line !== undefined && { line: task.line }) },
    {
      code: 'build-ended',
      message: `${task.file}:${task.line ?? 1}: the session that worked on the index was ended from outside; an invalid index that it left is dropped.`,
      mend: 'Run `up` again to build it anew, once whoever ended it agrees.',
    },
  );
}

/** Waits for a build that an earlier call left behind. */
async function untilBuilt(run: Run, task: Task, id: number): Promise<void> {
  const { engine, session } = run;
  for (;;) {
    const { rows } = await session.client.query<{ pid: number }>(
      `SELECT a.pid FROM migrate.history h JOIN pg_stat_activity a
         ON a.pid = h.build_pid AND a.backend_start = h.build_start WHERE h.id = $1`,
      [id],
    );
    if (!rows[0]) return;
    if (engine.left() <= 0) throw new OutOfTime();
    await tellProgress(run, task, rows[0].pid);
    await engine.clock.sleep(LAST_LOOK_MS / 4);
  }
}

async function tellProgress(run: Run, task: Task, pid: number): Promise<void> {
  const { rows } = await run.session.client.query<{ phase: string; done: number; all: number }>(
    `SELECT phase, greatest(blocks_done, tuples_done)::float8 AS done, greatest(blocks_total, tuples_total)::float8 AS all
     FROM pg_stat_progress_create_index WHERE pid = $1`,
    [pid],
  );
  const row = rows[0];
  if (row)
    run.engine.tell({
      kind: 'progress',
      title: task.title,
      words: `${task.title}: ${row.phase}, ${row.done} of ${row.all}.`,
    });
}

/** An index by name. */
export interface FoundIndex {
  /** Its schema. */
  readonly schema: string;
  /** Its name. */
  readonly name: string;
  /** Whether queries may use it. */
  readonly valid: boolean;
}

const INDEXES = `
  SELECT n.nspname AS schema, c.relname AS name, i.indisvalid AND i.indisready AS valid
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT LIKE 'pg\\_%'`;

async function findIndex(client: Client, name: string): Promise<FoundIndex | undefined> {
  const [last = '', schema] = name.split('.').reverse();
  const { rows } = await client.query<FoundIndex>(
    `${INDEXES} AND c.relname = $1 AND ($2::text IS NULL OR n.nspname = $2)`,
    [last, schema ?? null],
  );
  return rows[0];
}

/** Invalid indexes that nobody builds at the moment. */
export async function invalidIndexes(client: Client): Promise<readonly FoundIndex[]> {
  const { rows } = await client.query<FoundIndex>(
    `${INDEXES} AND NOT i.indisvalid AND c.relkind = 'i' AND pg_has_role(c.relowner, 'USAGE')
       AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
     ORDER BY 1, 2`,
  );
  return rows;
}

/** What an interrupted REINDEX CONCURRENTLY leaves beside the index. Source: manual, REINDEX. */
async function dropLeftOvers(run: Run, task: Task, name: string): Promise<void> {
  const [last = ''] = name.split('.').reverse();
  for (const index of await invalidIndexes(run.session.client))
    if (new RegExp(`_cc(new|old)\\d*$`).test(index.name) && index.name.startsWith(last.slice(0, 40)))
      await dropInvalid(run, task, index);
}

/** Drops an invalid index without stopping anybody. */
export async function dropInvalid(run: Run, task: Task, index: FoundIndex): Promise<void> {
  const { engine, session } = run;
  await retrying(run, task, async () => {
    await session.client.query(outside(engine, { lockTimeoutMs: 20_000, statementTimeoutMs: 60_000 }));
    await session.client.query(
      `DROP INDEX CONCURRENTLY IF EXISTS ${escapeIdentifier(index.schema)}.${escapeIdentifier(index.name)}`,
    );
  });
  engine.tell({
    kind: 'note',
    title: task.title,
    words: `${task.title}: the invalid index ${index.schema}.${index.name}, left by a broken build, is dropped.`,
  });
}

import { olderSessions } from '../guards';
import { type Migration, type Phase, type Repeatable, titleOf } from '../model';
import { planMigrations } from '../plan';
import type { Problem } from '../report';
import type { UpRequest } from '../request';
import { apply, replace, undo } from './apply';
import { OutOfTime, Refusal } from './errors';
import { DRIFT_UNKNOWN, driftProblems, findDrift, storeExpected } from './expected';
import { reportBroken, storeQueries } from './gate';
import { readHistory, type Row } from './history';
import type { Engine } from './options';
import { fileProblems, pendingOf, transactionProblems } from './preflight';
import { afterFailure } from './rollback';
import type { Run } from './run';
import type { Session } from './session';

/** What `up` will do. */
export interface Work {
  /** Migrations, in order. */
  readonly migrations: readonly Migration[];
  /** Definitions that changed. */
  readonly repeatables: readonly Repeatable[];
}

/** Applies what is pending of a phase, or says everything that speaks against it. */
export async function up(run: Run, request: UpRequest): Promise<void> {
  const { engine, session } = run;
  const phase = request.phase ?? 'expand';
  const rows = await readHistory(session.client);
  for (const row of rows.filter(({ state, direction }) => state !== 'applied' && direction === 'down'))
    await finishUndoing(run, row);
  const current = await readHistory(session.client);
  const { work, problems } = await examine(engine, session, current, request);
  if (problems.length > 0) throw new Refusal(problems);
  const started = { ...run, id: await openRun(run, phase, request.approve) };
  if (work.migrations.length > 0) await reportBroken(started);
  try {
    for (const migration of work.migrations) {
      if (engine.left() <= 0) throw new OutOfTime();
      await refuseOlderSessions(started, migration);
      await apply(
        started,
        migration,
        current.find(({ id }) => id === migration.id),
      );
      // A run that is killed later leaves the next one something to compare the database with.
      if (changesSchema(migration)) await storeExpected(session.client);
    }
    for (const repeatable of work.repeatables) await replace(started, repeatable);
  } catch (error) {
    if (!(error instanceof OutOfTime)) await afterFailure(started, error);
    throw error;
  }
  await storeQueries(session.client, engine);
  await storeExpected(session.client);
  await closeRun(run);
}

/** Everything that speaks against `up`, found before anything runs. */
async function examine(
  engine: Engine,
  { client }: Session,
  rows: readonly Row[],
  request: UpRequest,
): Promise<{ readonly work: Work; readonly problems: readonly Problem[] }> {
  const phase = request.phase ?? 'expand';
  const pending = pendingOf(engine.set, rows, phase, request.to);
  const work = {
    migrations: pending.migrations,
    repeatables: await changedRepeatables(engine, { client }, phase, request.to),
  };
  const drift = work.migrations.length + work.repeatables.length > 0 ? await findDrift(client) : undefined;
  if (drift?.known === false && rows.length > 0) engine.tell({ kind: 'note', words: DRIFT_UNKNOWN.message });
  return {
    work,
    problems: [
      ...fileProblems(engine.set, rows),
      ...pending.problems,
      ...transactionProblems(work.migrations),
      ...(await approvalProblems({ client }, work, request)),
      ...(phase === 'contract' && work.migrations.length > 0 ? await olderProblems(engine, { client }) : []),
      ...driftProblems(drift?.differences ?? []),
    ],
  };
}

/** Whether the catalogue may look different afterwards. */
function changesSchema({ up: { statements } }: Migration): boolean {
  return statements.some(
    ({ kind }) => !['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt'].includes(kind),
  );
}

/** Definitions whose file is not the one that was run last; they follow the expand phase when all of it runs. */
export async function changedRepeatables(
  engine: Engine,
  { client }: Pick<Session, 'client'>,
  phase: Phase,
  to: number | undefined,
): Promise<readonly Repeatable[]> {
  if (phase === 'contract' || to !== undefined) return [];
  const { rows } = await client.query<{ name: string; sha256: string }>(
    'SELECT name, sha256 FROM migrate.repeatables',
  );
  const known = new Map(rows.map(({ name, sha256 }) => [name, sha256]));
  return engine.set.repeatables.filter(({ name, script }) => known.get(name) !== script.sha256);
}

async function approvalProblems(
  { client }: Pick<Session, 'client'>,
  work: Work,
  request: UpRequest,
): Promise<readonly Problem[]> {
  const destructive = work.migrations.filter(({ up: { statements } }) =>
    statements.some((statement) => statement.destructive),
  );
  const titles = [
    ...destructive.map(titleOf),
    ...work.repeatables
      .filter(({ script }) => script.statements.some((statement) => statement.destructive))
      .map(({ name }) => `repeatable/${name}`),
  ];
  if (titles.length === 0) return [];
  const { digest } = planMigrations({
    pending: work.migrations,
    repeatables: work.repeatables,
    statistics: {},
  });
  const { rows } = await client.query<{ approved: string | null }>(
    'SELECT run_approved AS approved FROM migrate.engine WHERE run IS NOT NULL',
  );
  const approved = request.approve !== undefined && [digest, rows[0]?.approved].includes(request.approve);
  return [
    ...destructive
      .filter(({ approval }) => !approval)
      .map((migration) => ({
        code: 'no-approval',
        migration: titleOf(migration),
        file: migration.up.file,
        message: `${titleOf(migration)} loses data, and its file names nobody who agreed.`,
        mend: 'Write `-- approve: by=<role> ticket=<id> reason="..."` at its top, and have it reviewed.',
      })),
    ...(approved
      ? []
      : [
          {
            code: 'unapproved',
            message: `${titles.join(', ')} ${titles.length === 1 ? 'loses' : 'lose'} data, and ${request.approve === undefined ? 'no plan was approved' : 'the approved digest is that of another plan'}.`,
            mend: `Read the plan (\`migrate plan --phase ${request.phase ?? 'expand'}\`), then run \`up\` again with \`--approve ${digest}\`.`,
          },
        ]),
  ];
}

/** The interlock: nothing that an older release needs goes while that release has sessions. */
async function olderProblems(
  engine: Engine,
  { client }: Pick<Session, 'client'>,
): Promise<readonly Problem[]> {
  const older = await olderSessions(client, {
    prefix: engine.applicationPrefix,
    release: engine.runner.release,
  });
  return older.map(({ application, count }) => ({
    code: 'older-release-connected',
    message: `${application} still has ${count} ${count === 1 ? 'session' : 'sessions'}, and this is ${engine.applicationPrefix}${engine.runner.release}.`,
    mend: 'Wait until the deployment is over and the older tasks are gone, then run the contract phase again.',
  }));
}

async function refuseOlderSessions(run: Run, migration: Migration): Promise<void> {
  if (migration.phase !== 'contract') return;
  const problems = await olderProblems(run.engine, run.session);
  if (problems.length > 0) throw new Refusal(problems);
}

/** A migration that was half undone is undone first: what is left of it would not let it begin again. */
async function finishUndoing(run: Run, row: Row): Promise<void> {
  const migration = run.engine.set.migrations.find(({ id }) => id === row.id);
  const problems = fileProblems(run.engine.set, [row]);
  if (problems.length > 0 || !migration) throw new Refusal(problems);
  await undo(run, migration, row, true);
}

/** Names the run; one that did not end and is of the same release and phase goes on. */
async function openRun(run: Run, phase: Phase, approve: string | undefined): Promise<string> {
  const { rows } = await run.session.client.query<{ run: string }>(
    `UPDATE migrate.engine SET
       run = CASE WHEN run_release = $1 AND run_phase = $2 THEN coalesce(run, $3) ELSE $3 END,
       run_release = $1, run_phase = $2, run_approved = coalesce($4, run_approved) RETURNING run`,
    [run.engine.runner.release, phase, run.id, approve],
  );
  return rows[0]?.run ?? run.id;
}

/** The run has ended. */
export async function closeRun(run: Run): Promise<void> {
  await run.session.client.query(
    'UPDATE migrate.engine SET run = NULL, run_release = NULL, run_phase = NULL, run_approved = NULL WHERE run_release IS NOT NULL',
  );
}

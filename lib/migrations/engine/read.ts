import type { Client } from 'pg';
import { planMigrations } from '../plan';
import type {
  CompatibleReport,
  DriftReport,
  LockReport,
  PlanReport,
  Problem,
  Report,
  ReportBase,
  StatusReport,
} from '../report';
import type { Request } from '../request';
import { readStatistics } from '../statistics';
import { incompatibilities } from './compatible';
import { Refusal } from './errors';
import { DRIFT_UNKNOWN, driftProblems, findDrift } from './expected';
import { readHistory, type Row } from './history';
import { lockHolder } from './lock';
import type { Engine } from './options';
import { fileProblems, pendingOf } from './preflight';
import { unreached, versionOf } from './outcome';
import { hasHistory } from './schema';
import { closeSession, openSession, type Session } from './session';
import { readKnown, rewriteGuardWords, statusOf } from './status';
import { changedRepeatables } from './up';

/** What only looks. */
export type ReadRequest = Extract<
  Request,
  { readonly action: 'status' | 'lock' | 'drift' | 'plan' | 'compatible' }
>;

type Answer = StatusReport | LockReport | DriftReport | PlanReport | CompatibleReport;
/** What an answer says beside how long it took. */
type Timeless<T> = T extends Answer ? Omit<T, 'milliseconds'> : never;

/** Looks without the lock of the runners and without writing, so that it answers while another runner works. */
export async function read(engine: Engine, request: ReadRequest): Promise<Report> {
  const start = engine.clock.now();
  const answer = await answerOf(engine, request);
  return { ...answer, milliseconds: Math.round(engine.clock.now() - start) };
}

async function answerOf(engine: Engine, request: ReadRequest): Promise<Timeless<Answer>> {
  let session: Session | undefined;
  try {
    session = await openSession(engine);
    return await look(engine, session, request);
  } catch (error) {
    return empty(request, {
      outcome: error instanceof Refusal ? 'refused' : 'failed',
      problems: error instanceof Refusal ? error.problems : [unreached(error, session !== undefined)],
    });
  } finally {
    if (session) await closeSession(session);
  }
}

function empty(
  request: ReadRequest,
  { outcome, problems }: Pick<ReportBase, 'outcome' | 'problems'>,
): Timeless<Answer> {
  const base = { schemaVersion: 1, outcome, problems } as const;
  const { action } = request;
  switch (action) {
    case 'status':
      return { ...base, action, migrations: [] };
    case 'plan':
      return { ...base, action, migrations: [], digest: '' };
    case 'drift':
      return { ...base, action, differences: [] };
    case 'lock':
      return { ...base, action };
    case 'compatible':
      return { ...base, action, release: request.release };
  }
}

async function look(engine: Engine, session: Session, request: ReadRequest): Promise<Timeless<Answer>> {
  const { client } = session;
  const base = { schemaVersion: 1, outcome: 'done', problems: [] } as const;
  const lock = await lockHolder(client);
  if (request.action === 'lock') return { ...base, action: 'lock', ...(lock && { lock }) };
  const history = await hasHistory(client);
  const rows = history ? await readHistory(client) : [];
  switch (request.action) {
    case 'status': {
      const known = await readKnown(client, engine, rows, lock, history);
      return {
        ...base,
        action: 'status',
        problems: [...fileProblems(engine.set, rows), ...(await guardProblems(client))],
        version: versionOf(rows),
        migrations: statusOf(engine, known),
        ...(lock && { lock }),
      };
    }
    case 'drift': {
      const { known, differences } = history ? await findDrift(client) : { known: false, differences: [] };
      const problems = driftProblems(differences);
      return {
        ...base,
        action: 'drift',
        outcome: problems.length > 0 ? 'refused' : 'done',
        problems: known || rows.length === 0 ? problems : [DRIFT_UNKNOWN],
        differences,
      };
    }
    case 'compatible': {
      const { action, release } = request;
      const problems = await incompatibilities(client, engine, release, history);
      return { ...base, action, release, outcome: problems.length > 0 ? 'refused' : 'done', problems };
    }
    case 'plan':
      return { ...base, ...(await plan(engine, session, rows, history, request)) };
  }
}

async function guardProblems(client: Client): Promise<readonly Problem[]> {
  const words = await rewriteGuardWords(client);
  if (words === undefined) return [];
  return [
    {
      code: 'no-rewrite-guard',
      message: words,
      mend: 'Until then lint and the watchdog alone stop a statement that writes a large table anew.',
    },
  ];
}

async function plan(
  engine: Engine,
  session: Session,
  rows: readonly Row[],
  history: boolean,
  request: Extract<ReadRequest, { readonly action: 'plan' }>,
): Promise<Pick<PlanReport, 'action' | 'outcome' | 'problems' | 'migrations' | 'digest'>> {
  const phase = request.phase ?? 'expand';
  const pending = pendingOf(engine.set, rows, phase, request.to);
  const repeatables = history
    ? await changedRepeatables(engine, session, phase, request.to)
    : phase === 'expand' && request.to === undefined
      ? engine.set.repeatables
      : [];
  const problems = [...fileProblems(engine.set, rows), ...pending.problems];
  return {
    action: 'plan',
    outcome: problems.length > 0 ? 'refused' : 'done',
    problems,
    ...planMigrations({
      pending: pending.migrations,
      repeatables,
      statistics: await readStatistics(session.client),
      durations: history ? await durations(session.client) : {},
    }),
  };
}

/** How long each file took when it was run last. */
async function durations(client: Client): Promise<Readonly<Record<string, number>>> {
  const { rows } = await client.query<{ sha256: string; milliseconds: number }>(
    `SELECT DISTINCT ON (sha256) sha256, milliseconds FROM migrate.log
     WHERE sha256 IS NOT NULL AND milliseconds IS NOT NULL AND outcome IN ('applied', 'undone')
     ORDER BY sha256, sequence DESC`,
  );
  return Object.fromEntries(rows.map(({ sha256, milliseconds }) => [sha256, milliseconds]));
}

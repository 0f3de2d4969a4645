import { watch, writerProblems } from '../guards';
import type { Outcome, Problem, RunReport } from '../report';
import type { Request } from '../request';
import { baseline } from './baseline';
import { down } from './down';
import { Failure, OutOfTime, Refusal } from './errors';
import { servingQueries } from './gate';
import { readHistory } from './history';
import { takeLock } from './lock';
import type { Engine } from './options';
import { unreached, versionOf } from './outcome';
import { repair } from './repair';
import type { Run } from './run';
import { ensureSchema } from './schema';
import { closeSession, openSession, type Session } from './session';
import { cancelWhenStopped } from './stop';
import { up } from './up';

/** What changes something. */
export type WriteRequest = Extract<Request, { readonly action: 'up' | 'down' | 'repair' | 'baseline' }>;

/** Does it, alone in the database and watched, and reports how it went. */
export async function write(engine: Engine, request: WriteRequest): Promise<RunReport> {
  const start = engine.clock.now();
  const steps: Run['steps'] = [];
  const problems: Run['problems'] = [];
  let session: Session | undefined;
  let outcome: Outcome = 'done';
  let version: number | undefined;
  try {
    session = await openSession(engine);
    await alone(engine, session, { steps, problems }, request);
  } catch (error) {
    if (error instanceof OutOfTime) outcome = 'continue';
    else {
      outcome = error instanceof Refusal ? 'refused' : 'failed';
      problems.unshift(...problemsOf(error, session !== undefined));
    }
  } finally {
    if (session) {
      version = await readHistory(session.client).then(versionOf, () => undefined);
      await closeSession(session);
    }
  }
  return {
    schemaVersion: 1,
    action: request.action,
    outcome,
    problems,
    milliseconds: Math.round(engine.clock.now() - start),
    steps,
    ...(version === undefined ? {} : { version }),
  };
}

function problemsOf(error: unknown, connected: boolean): readonly Problem[] {
  if (error instanceof Refusal) return error.problems;
  if (error instanceof Failure) return [error.problem];
  return [unreached(error, connected)];
}

async function alone(
  engine: Engine,
  session: Session,
  kept: Pick<Run, 'steps' | 'problems'>,
  request: WriteRequest,
): Promise<void> {
  const refused = await writerProblems(session.client);
  if (refused.length > 0) throw new Refusal(refused);
  await takeLock(engine, session);
  await ensureSchema(session.client);
  const watchdog = await watch({
    connect: engine.connect,
    pid: session.pid,
    budgetMs: engine.limits.stallBudgetMs,
    pollMs: engine.limits.stallPollMs,
    clock: engine.clock,
  });
  // The server ends a statement within a second once nobody waits for its answer.
  watchdog.lost.addEventListener('abort', () => session.client.connection.stream.destroy());
  const release = cancelWhenStopped(engine, session);
  try {
    const { rows } = await session.client.query<{ id: string }>('SELECT gen_random_uuid() AS id');
    await act(
      {
        engine,
        session,
        id: rows[0]?.id ?? '',
        ...kept,
        watchdog,
        serving: await servingQueries(session.client, engine),
        restorePoint: request.action === 'up' ? request.restorePoint : undefined,
      },
      request,
    );
  } finally {
    await release();
    await watchdog.stop();
  }
}

async function act(run: Run, request: WriteRequest): Promise<void> {
  switch (request.action) {
    case 'up':
      return up(run, request);
    case 'down':
      return down(run, request);
    case 'repair':
      return repair(run);
    case 'baseline':
      return baseline(run, request.to);
  }
}

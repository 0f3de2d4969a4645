import type { Watched } from '../guards';
import type { Problem, Step } from '../report';
import { Failure, OutOfTime, problemOf, Refusal, sqlstateOf } from './errors';
import type { Run, Task } from './run';
import { rollback } from './session';

/** What a task is called and where it stands. */
export type Name = Pick<Task, 'title' | 'direction' | 'file'>;

/**
 * Runs one script and enters how it ended among the run's steps. What broke is thrown on: as a {@link Refusal}
 * or {@link Failure} with its place, or as {@link OutOfTime}.
 */
export async function perform(run: Run, name: Name, work: (task: Task) => Promise<void>): Promise<Task> {
  const { engine } = run;
  const task: Task = { ...name, start: engine.clock.now(), attempts: 0 };
  const early = run.steps.length === 0;
  engine.tell({ kind: 'begun', title: task.title, words: `${task.title} ${WORDS[task.direction].begins}.` });
  run.watchdog.take();
  try {
    await work(task);
    enter(run, task, task.direction === 'down' ? 'undone' : 'applied', seenOf(run, task));
    return task;
  } catch (error) {
    await rollback(run.session.client);
    const seen = seenOf(run, task);
    const thrown = classify(run, task, error, early, seen);
    enter(run, task, thrown instanceof OutOfTime ? 'continue' : 'failed', seen);
    throw thrown;
  }
}

const WORDS = {
  up: { begins: 'begins', ends: 'is applied' },
  down: { begins: 'is being undone', ends: 'is undone' },
  repeatable: { begins: 'begins', ends: 'is applied' },
};

/** Milliseconds that a task has taken so far, in tenths. */
export function elapsed(run: Run, task: Task): number {
  return Math.round((run.engine.clock.now() - task.start) * 10) / 10;
}

/** What both watchdogs saw, that of the run and that of a session beside it. */
function seenOf(run: Run, { beside }: Task): Watched {
  const own = run.watchdog.take();
  if (!beside) return own;
  return {
    worstMs: Math.max(own.worstMs, beside.worstMs),
    cancelled: own.cancelled || beside.cancelled,
    lost: own.lost || beside.lost,
  };
}

function enter(run: Run, task: Task, outcome: Step['outcome'], { worstMs }: Watched): void {
  const step: Step = {
    title: task.title,
    direction: task.direction,
    outcome,
    milliseconds: elapsed(run, task),
    attempts: task.attempts,
    ...(task.rows !== undefined && { rows: task.rows }),
    stallMs: Math.round(worstMs),
  };
  run.steps.push(step);
  const ends = {
    applied: WORDS[task.direction].ends,
    undone: WORDS[task.direction].ends,
    continue: 'goes on in the next call',
    failed: 'failed',
    kept: 'is kept',
  }[outcome];
  run.engine.tell({
    kind: 'ended',
    title: task.title,
    words: `${task.title} ${ends} after ${step.milliseconds} ms.`,
  });
}

function classify(run: Run, task: Task, error: unknown, early: boolean, seen: Watched): Error {
  if (error instanceof OutOfTime || error instanceof Refusal || error instanceof Failure) return error;
  const place = {
    migration: task.title,
    file: task.file,
    ...(task.line !== undefined && { line: task.line }),
  };
  if (seen.lost)
    return new Failure(
      problemOf(error, place, {
        code: 'watchdog-lost',
        message: `${task.file}:${task.line ?? 1}: its session was cut, because the watchdog lost the database and nobody saw any more who waits.`,
        mend: 'Run it again once the database takes connections: it continues where the history says.',
      }),
    );
  if (sqlstateOf(error) !== '57014') return new Failure(problemOf(error, place));
  const { limits, left, signal } = run.engine;
  if (signal?.aborted) return new OutOfTime();
  if (seen.cancelled)
    return new Failure(
      problemOf(error, place, {
        code: 'stalled',
        message: `${task.file}:${task.line ?? 1}: the application waited for it longer than ${limits.stallBudgetMs} ms, so the watchdog cancelled it.`,
        mend: 'Write it in the form that does not block; docs/migrations.md has one for each change.',
      }),
    );
  if (left() <= 0) return early ? new Failure(tooLong(task, place)) : new OutOfTime();
  return new Failure(
    problemOf(error, place, {
      code: 'statement-timeout',
      mend: 'Raise `statement_timeout` in the header if it may take so long, or do it in batches.',
    }),
  );
}

function tooLong(task: Task, place: Pick<Problem, 'migration' | 'file' | 'line'>): Problem {
  return {
    code: 'too-long',
    message: `${task.file}:${task.line ?? 1}: the statement had the runner's whole time and did not end in it.`,
    mend: 'Run it from where there is more time, or divide it: batches, or a concurrent build.',
    ...place,
  };
}

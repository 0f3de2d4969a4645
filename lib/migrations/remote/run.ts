import * as z from 'zod';
import type { Invocation } from '../invocation';
import type { Clock, Runner } from '../ports';
import type { Problem, Report, StatusReport } from '../report';
import type { Request } from '../request';
import type { AwsClients } from './clients';
import { type Deployed, RemoteError } from './deployed';
import { invoke } from './invoke';
import { joinReports } from './join';

/** How to follow a run over the network. */
export interface FollowOptions {
  /** The environment's services. */
  readonly clients: AwsClients;
  /** What stands there. */
  readonly deployed: Deployed;
  /** Who asks: the person's or the pipeline's own name. */
  readonly actor: string;
  /** Time. */
  readonly clock: Clock;
  /** Is told how it goes, a line at a time. */
  readonly progress: (line: string) => void;
  /**
   * Stops following. What runs goes on to the end of its slice and is not called again.
   * @default - it is followed to its end
   */
  readonly signal?: AbortSignal;
  /**
   * Length of a slice, in seconds: how often progress is told, and how long a run goes on that nobody follows.
   * @default 60
   */
  readonly sliceSeconds?: number;
  /**
   * Whether the caller may only look: a runner that is refused its sign-in is then reported, and no role is made.
   * @default false
   */
  readonly onlyLooks?: boolean;
}

/** Thrown when following was stopped; its message says what becomes of the run. */
export class StoppedFollowing extends Error {
  /** Tells it from other errors. */
  override readonly name = 'StoppedFollowing';
}

const SLICE_SECONDS = 60;
const BUSY_PAUSE_MS = 3_000;
/** A call that was left alone ends within Lambda's 15 minutes; who waits longer than that and a bit waits for nothing. */
const BUSY_MS = 20 * 60_000;
/** Connections that may be lost, one after the other, before it is no longer worth trying. */
const LOSSES = 10;
/** Answers in a row that say `continue` at once and did nothing: whoever goes on then asks for ever. */
const IDLE_ANSWERS = 20;
const AT_ONCE_MS = 2_000;

const report = z.looseObject({
  schemaVersion: z.literal(1),
  action: z.string(),
  outcome: z.enum(['done', 'continue', 'refused', 'failed']),
  problems: z.array(z.looseObject({ code: z.string(), message: z.string(), mend: z.string() })),
  milliseconds: z.number(),
});

/**
 * Has the runner function do what is asked, slice by slice, until it is done: follows `continue`, waits while somebody
 * else's call runs, asks for the state when the connection was lost before it goes on, and has the roles made once
 * when the runner is refused its sign-in.
 * @throws RemoteError when it cannot be followed; StoppedFollowing when `signal` said so
 */
export async function follow(request: Request, options: FollowOptions): Promise<Report> {
  const caller = new Caller(options);
  let whole: Report | undefined;
  let prepared = false;
  let idle = 0;
  for (;;) {
    const answer = await caller.ask(request);
    if (answer === 'lost') {
      const status = (await caller.insist({ action: 'status' })) as StatusReport;
      const failed = status.migrations.filter(({ state }) => state === 'failed');
      if (failed.length > 0) return { ...status, outcome: 'failed', problems: failed.map(unseen) };
      options.progress('The connection is back; going on.');
      continue;
    }
    if (signInRefused(answer) && !prepared && options.onlyLooks !== true) {
      prepared = true;
      await caller.prepare();
      continue;
    }
    whole = joinReports(whole, answer);
    if (answer.outcome !== 'continue') return whole;
    idle = didNothing(answer) ? idle + 1 : 0;
    if (idle > IDLE_ANSWERS)
      throw new RemoteError(
        `The runner said ${idle} times that it goes on, and did nothing. Nothing is lost: see "status", and the log of ` +
          `${options.deployed.runner} for the reason.`,
      );
    options.progress(progressOf(answer));
  }
}

/** Calls the functions of one environment. */
class Caller {
  constructor(private readonly options: FollowOptions) {}

  /** One slice; `lost` when nobody knows how it ended. */
  async ask(request: Request): Promise<Report | 'lost'> {
    const { deployed, sliceSeconds = SLICE_SECONDS } = this.options;
    const runner: Runner = { release: deployed.release, commit: deployed.commit, actor: this.options.actor };
    const invocation: Invocation = { request, runner, sliceSeconds };
    const answer = await this.call(deployed.runner, invocation);
    if (answer === 'lost') return answer;
    const parsed = report.safeParse(answer.value);
    if (!parsed.success)
      throw new RemoteError(
        `${deployed.runner} answered in a form that this version does not know: deploy the environment anew.`,
      );
    return parsed.data as unknown as Report;
  }

  /** The same for what changes nothing, as often as it takes. */
  async insist(request: Request): Promise<Report> {
    for (let losses = 0; losses < LOSSES; losses++) {
      const answer = await this.ask(request);
      if (answer !== 'lost') return answer;
    }
    throw new RemoteError(
      'The runner cannot be reached. It may be at work: ask again with "status" once the network is back.',
    );
  }

  /** Has the roles made. */
  async prepare(): Promise<void> {
    const { progress, deployed } = this.options;
    progress('The runner was refused its sign-in: making the roles of the database.');
    const answer = await this.call(deployed.preparer, {});
    if (answer === 'lost')
      throw new RemoteError('The connection was lost while the roles were made. Try again.');
  }

  private async call(name: string, payload: unknown): Promise<{ readonly value: unknown } | 'lost'> {
    const { clients, clock, progress, signal } = this.options;
    const start = clock.now();
    for (let waits = 0; ; waits++) {
      this.stopIfAsked();
      const call = await invoke(clients.lambda, name, payload, signal).catch((error: unknown) => {
        this.stopIfAsked();
        throw error;
      });
      if (call.ended === 'answered') return { value: call.answer };
      if (call.ended === 'lost') {
        progress(`The connection was lost (${call.why}); asking how it went.`);
        await this.pause();
        return 'lost';
      }
      if (clock.now() - start > BUSY_MS)
        throw new RemoteError(`${name} has been busy with another call for ${BUSY_MS / 60_000} minutes.`);
      if (waits === 0)
        progress(
          `Another run holds the runner; waiting until its slice ends. The log of ${name} says whose it is.`,
        );
      await this.pause();
    }
  }

  private async pause(): Promise<void> {
    const { clock, signal } = this.options;
    const stopped = new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([clock.sleep(BUSY_PAUSE_MS), ...(signal ? [stopped] : [])]);
    this.stopIfAsked();
  }

  private stopIfAsked(): void {
    if (!this.options.signal?.aborted) return;
    throw new StoppedFollowing(
      `Nobody follows any more. The runner ends its slice, at most ${this.options.sliceSeconds ?? SLICE_SECONDS} s ` +
        'and the statement it is in, keeps what it has done, and stops; the same command goes on from there.',
    );
  }
}

/** PostgreSQL's class of errors for a sign-in that it refuses, and a role that is not there. */
export function signInRefused({ outcome, problems }: Report): boolean {
  return outcome === 'failed' && problems.some(({ sqlstate }) => sqlstate?.startsWith('28'));
}

function unseen({ title, words }: StatusReport['migrations'][number]): Problem {
  return {
    code: 'failed-unseen',
    message: `${title} failed while the connection was lost: ${words}.`,
    mend: 'Read the log of the runner function for the reason, mend it, and run the same command again.',
    migration: title,
  };
}

function didNothing(answer: Report): boolean {
  if (answer.milliseconds >= AT_ONCE_MS || !('steps' in answer)) return false;
  return answer.steps.every(({ outcome, rows }) => outcome === 'continue' && (rows ?? 0) === 0);
}

function progressOf(answer: Report): string {
  const step = 'steps' in answer ? answer.steps.at(-1) : undefined;
  if (step === undefined) return 'Going on.';
  const rows = step.rows === undefined ? '' : `, ${step.rows} rows in this slice`;
  return `${step.title} goes on${rows}.`;
}

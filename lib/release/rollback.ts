import { type Deployed, readDeployed } from './aws/deployed';
import { bringUp, endingEarly, refuse, type Tools } from './bring-up';
import { stopRunning } from './deployment/deploy';
import { findRunning, nameOf, taskDefinitionBeingDeployed } from './deployment/find';
import type { Snapshot } from './deployment/model';
import { type DeploymentWords, readDescription } from './description';
import { Refused } from './errors';
import { readLive, shortName } from './live';
import { type RecordBasis, recordOf } from './records/build';
import { catchUp } from './records/catch-up';
import { named, unnamed } from './records/ways-back';
import { previousOf } from './records/previous';
import { keepRecord } from './records/publish';
import { HISTORY, readRecords } from './records/store';
import type { Result } from './result';
import { readVersion, type Version } from './task-definition';

/** Why a release cannot serve the database as it is; empty when it can. */
export type Compatibility = (release: string) => Promise<readonly string[]>;

/** What to go back from, and for whom. */
export interface RollbackOptions extends Tools, Omit<RecordBasis, 'kind' | 'migrations' | 'committedAt'> {
  /** Name of the app stack. */
  readonly stack: string;
  /** Asks the database whether an older release can serve it. */
  readonly compatibility: Compatibility;
  /**
   * ARN, or `family:revision`, of the task definition to go back to; one of the service's own that has had the traffic.
   * @default - what the live one replaced, as the records have it
   */
  readonly to?: string;
}

/**
 * Goes back. While a deployment runs, stops it with rollback: the old version still stands. After that, brings the version
 * before the live one up again through the same deployment, hooks and alarms, once the database says that it can serve
 * the schema as it is now.
 * @throws Refused when the stack is not right; the last error of AWS when it says no
 */
export function rollback(options: RollbackOptions): Promise<Result> {
  return endingEarly(() => begun(options));
}

async function begun(options: RollbackOptions): Promise<Result> {
  const { clients, stack } = options;
  const deployed = await readDeployed(clients.cloudFormation, stack, options);
  const running = await findRunning(clients, deployed, options);
  if (running) {
    const stopped = await takeBack(options, deployed, running);
    if (stopped) return stopped;
  }
  await catchUp({ ...options, deployed });
  const live = await readLive(clients, deployed, options);
  const current = await readVersion(clients, live.taskDefinition, deployed.container, options);
  const basis = basisOf(options, 'rollback');
  try {
    const to = await target(options, deployed, current);
    await requireCompatible(to, options);
    options.progress(
      `Going back from ${shortName(current.taskDefinition)} to ${shortName(to.taskDefinition)}`,
    );
    return await bringUp(options, deployed, to, basis);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refuse(options, deployed, current, basis, error);
  }
}

function basisOf({ environment, by, approver }: RollbackOptions, kind: RecordBasis['kind']): RecordBasis {
  return { kind, environment, by, ...(approver !== undefined && { approver }) };
}

/** Stops what runs; nothing when it was over before it could be stopped, so that its version is live now. */
async function takeBack(
  options: RollbackOptions,
  deployed: Deployed,
  running: Snapshot,
): Promise<Result | undefined> {
  const { clients, clock, progress, by } = options;
  const name = nameOf(running, clock.date());
  if (running.takesBack !== undefined)
    throw new Refused(`${name} goes back already: follow it in the console, or ask again when it is over.`);
  const coming = await taskDefinitionBeingDeployed(clients, deployed, running.id, options);
  const live = await readLive(clients, deployed, options);
  const previous = live.taskDefinition === coming ? previousOf(running, coming, []) : live.taskDefinition;
  const words = readDescription(running.description);
  requireMeant(options, name, words?.kind, previous);
  progress(`Stopping ${name}`);
  const cause = `a rollback was ordered by ${by}`;
  const ended = await stopRunning({ clients, deployed, id: running.id, cause, clock, progress });
  if (ended.outcome === 'succeeded') return undefined;
  const version = await readVersion(clients, coming ?? live.taskDefinition, deployed.container, options);
  const basis: RecordBasis = { ...basisOf(options, words?.kind ?? 'release'), by: words?.by ?? by };
  const known = { ...ended, ...(previous !== undefined && { previous }) };
  const record = recordOf(basis, version, known, clock.date());
  await keepRecord(clients, deployed, record, options);
  return { outcome: ended.outcome === 'failed' ? 'failed' : 'succeeded', words: ended.words, record };
}

/**
 * Stopping a deployment leads to one version alone, and stopping one that goes back leads forward again.
 * @param previous - ARN of what has the traffic once it is stopped, as far as anybody tells
 * @throws Refused unless that is what is meant
 */
function requireMeant(
  options: RollbackOptions,
  name: string,
  kind: DeploymentWords['kind'] | undefined,
  previous: string | undefined,
): void {
  const { to } = options;
  const there = previous === undefined ? 'the version before' : shortName(previous);
  if (to === undefined && kind === 'rollback')
    throw new Refused(
      `${name} is a rollback already: stopping it gives the traffic to ${there} again. Ask again when it is over${previous === undefined ? '' : `, or say --to ${there} to stop it`}.`,
    );
  if (to === undefined || (previous !== undefined && (to === previous || to === there))) return;
  throw new Refused(
    `${name} runs, and stopping it gives the traffic to ${there} and not to ${shortName(to)}: leave --to out, or ask again when it is over.`,
  );
}

async function target(options: RollbackOptions, deployed: Deployed, current: Version): Promise<Version> {
  const { clients, environment, to } = options;
  const live = current.taskDefinition;
  const records = await readRecords(clients, deployed.table, { environment, limit: HISTORY }, options);
  const before = to === undefined ? unnamed(records, live) : named(to, records, live);
  return readVersion(clients, before, deployed.container, options);
}

async function requireCompatible(to: Version, { compatibility }: RollbackOptions): Promise<void> {
  const name = shortName(to.taskDefinition);
  if (to.version === '')
    throw new Refused(`${name} does not say which release it is, so the schema cannot be held to it.`);
  const reasons = await compatibility(to.version);
  if (reasons.length > 0)
    throw new Refused(
      `${to.version} (${name}) cannot serve the schema as it is now: ${reasons.join(' ')} Release a new version that can.`,
    );
}

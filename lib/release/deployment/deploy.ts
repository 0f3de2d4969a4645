import type { DeploymentGroupInfo } from '@aws-sdk/client-codedeploy';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { appSpec } from '../app-spec';
import type { ReleaseClients } from '../aws/clients';
import type { Deployed } from '../aws/deployed';
import { persist } from '../aws/persist';
import { describeDeployment, type DeploymentWords } from '../description';
import { readLive, shortName } from '../live';
import type { Clock, Progress } from '../ports';
import { type Begun, create, joinRunning } from './create';
import { type GroupName, readGroup } from './find';
import { follow, type Followed } from './follow';
import { type End, judge } from './judge';
import { readLimits } from './limits';
import { stamp } from './narrate';
import { askToStop, followToEnd, type StopOptions } from './stop';

/** What to bring up, and where. */
export interface DeployOptions {
  /** The environment's services. */
  readonly clients: ReleaseClients;
  /** What the app stack says. */
  readonly deployed: Deployed;
  /** ARN of the task definition to bring up. */
  readonly taskDefinition: string;
  /** What the deployment says of itself. */
  readonly words: DeploymentWords;
  /** Time. */
  readonly clock: Clock;
  /** Is told how it goes. */
  readonly progress: Progress;
  /** Says that it has to stop: the deployment is taken back. */
  readonly signal: AbortSignal;
}

/** How it ended. */
export type Ended =
  /** The traffic is on the wanted version, and was before. */
  | { readonly outcome: 'already-live'; readonly words: string }
  /** A deployment ran. */
  | DeploymentEnded;

/** How a deployment ended, and what the moment of its end tells. */
export interface DeploymentEnded extends End {
  /** What had the traffic before; nothing when it was joined and had all traffic by then. */
  readonly previous?: string;
  /** Alarms that were on when it failed. */
  readonly alarms: readonly string[];
}

/**
 * Brings a task definition up through CodeDeploy and stays with it until the traffic is where it ends.
 * @throws Refused when another one runs or CodeDeploy refuses it; Interrupted when it was stopped before there was one
 */
export async function deploy(options: DeployOptions): Promise<Ended> {
  const { clients, deployed, taskDefinition, words, clock, progress, signal } = options;
  const name: GroupName = { application: deployed.application, group: deployed.group };
  const { testTrafficHook: testTraffic, trafficHook: traffic, publicTrafficHook: publicTraffic } = deployed;
  const hooks = { testTraffic, traffic, publicTraffic };
  const spec = appSpec({ taskDefinition, container: deployed.container, port: deployed.port, hooks });
  const wanted = { clients, name, spec, taskDefinition, clock, progress, signal };
  const joined = await joinRunning(wanted);
  const live = await readLive(clients, deployed, options);
  if (!joined && live.taskDefinition === taskDefinition)
    return {
      outcome: 'already-live',
      words: `${shortName(taskDefinition)} has the traffic already (${live.running} of ${live.desired} tasks run): nothing to do.`,
    };
  const group = await readGroup(clients, name, options);
  const limits = await readLimits(clients, group, options);
  const description = describeDeployment({ ...words, inPlaceOf: shortName(live.taskDefinition) });
  const begun = joined ?? (await create({ ...wanted, description }, group));
  const start = clock.now();
  const tell: Progress = (line) => progress(`${stamp(clock.now() - start)}  ${line}`);
  tell(begunWords(begun, group, live.taskDefinition, taskDefinition));
  const stop: StopOptions = { clients, name, clock, progress: tell, limits };
  const followed = await follow(begun.id, { ...stop, signal });
  const previous = live.taskDefinition === taskDefinition ? undefined : live.taskDefinition;
  const end = await endOf(begun.id, followed, stop);
  const alarms = end.outcome === 'succeeded' ? [] : await alarmsOn(clients, group, { clock, progress: tell });
  return { ...end, alarms, ...(previous !== undefined && { previous }) };
}

function begunWords(begun: Begun, group: DeploymentGroupInfo, from: string, to: string): string {
  const way = group.deploymentConfigName?.replace('CodeDeployDefault.', '') ?? 'an unknown configuration';
  const versions = from === to ? shortName(to) : `${shortName(from)} -> ${shortName(to)}`;
  return `${begun.id} ${begun.joined ? 'runs already; following it' : 'begins'}: ${versions}, ${way}`;
}

async function endOf(id: string, followed: Followed, stop: StopOptions): Promise<End> {
  if (followed.ended === 'over') return judge(followed.snapshot, stop);
  const stalled = followed.ended === 'stalled';
  stop.progress(`${stalled ? followed.words : 'Stopping'}: going back`);
  return takeBack(id, stalled ? followed.words : 'it was interrupted', stop);
}

async function takeBack(id: string, cause: string, stop: StopOptions): Promise<End> {
  const asked = await askToStop(id, stop).catch((error: unknown) => {
    throw new Error(`${unwatched(id)} It could not be stopped: ${String(error)}.`);
  });
  const after = await followToEnd(id, stop);
  if (after.ended !== 'over') throw new Error(`${unwatched(id)} It was asked to stop and does not end.`);
  const end = await judge(after.snapshot, stop);
  if (end.outcome === 'succeeded')
    return { ...end, words: `${end.words} It was over before it could be stopped.` };
  return asked === 'over' || end.outcome === 'failed' ? end : { ...end, outcome: 'interrupted', cause };
}

/** A running deployment that has to go. */
export interface StopRunningOptions extends Omit<DeployOptions, 'taskDefinition' | 'words' | 'signal'> {
  /** Its id. */
  readonly id: string;
  /** Why it has to. */
  readonly cause: string;
}

/** Stops a deployment with rollback and stays until the traffic is where it ends. Nothing interrupts it. */
export async function stopRunning(options: StopRunningOptions): Promise<DeploymentEnded> {
  const { clients, deployed, id, cause, clock, progress } = options;
  const name: GroupName = { application: deployed.application, group: deployed.group };
  const group = await readGroup(clients, name, options);
  const limits = await readLimits(clients, group, options);
  const end = await takeBack(id, cause, { clients, name, clock, progress, limits });
  return { ...end, alarms: [] };
}

function unwatched(id: string): string {
  return `${id} goes on without anybody watching: run the same command again, or see docs/runbooks/release-stuck.md.`;
}

/** Which of the group's alarms are on. What cannot be read is left out: the release is over and is told anyway. */
async function alarmsOn(
  { cloudWatch }: ReleaseClients,
  { alarmConfiguration }: DeploymentGroupInfo,
  patience: { readonly clock: Clock; readonly progress: Progress },
): Promise<readonly string[]> {
  const names = (alarmConfiguration?.alarms ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
  if (names.length === 0) return [];
  const call = () => cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: names, StateValue: 'ALARM' }));
  const answer = await persist('CloudWatch', call, { ...patience, forMs: 10_000 }).catch((error: unknown) => {
    patience.progress(`Which alarms were on cannot be read (${String(error)}).`);
    return undefined;
  });
  return (answer?.MetricAlarms ?? []).flatMap(({ AlarmName }) =>
    AlarmName === undefined ? [] : [AlarmName],
  );
}

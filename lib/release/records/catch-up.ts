import type { ReleaseClients } from '../aws/clients';
import type { Deployed } from '../aws/deployed';
import { Interrupted, type Patience } from '../aws/persist';
import { type GroupName, listSince, readGroup, taskDefinitionBeingDeployed } from '../deployment/find';
import { judge } from '../deployment/judge';
import { readLimits } from '../deployment/limits';
import type { Snapshot } from '../deployment/model';
import { Observer } from '../deployment/observe';
import { readDescription } from '../description';
import { readVersion } from '../task-definition';
import { type RecordBasis, recordOf } from './build';
import { deploymentOf, type ReleaseRecord } from './model';
import { previousOf } from './previous';
import { keepRecord } from './publish';
import { HISTORY, readRecords } from './store';

/** Whose records to complete. */
export interface CatchUpOptions extends Patience {
  /** The environment's services. */
  readonly clients: ReleaseClients;
  /** What the app stack says. */
  readonly deployed: Deployed;
  /** Environment. */
  readonly environment: string;
  /**
   * What is being released now, and what is known of it: the same may have been begun before by a process that was killed.
   * @default - a deployment is known by its own words alone
   */
  readonly own?: { readonly taskDefinition: string; readonly basis: RecordBasis };
}

/** Days to look back. */
const DAYS = 30;
const DAY_MS = 86_400_000;
/** Deployments without a record to look at; the ways back are among them, which never have one. */
const MOST = 50;
/** Creator of a deployment that takes another back, which does not always name the other. */
const WAY_BACK = 'codeDeployRollback';
/** How long anything here is asked for, in milliseconds: who releases does not wait for the past. */
const FOR_MS = 20_000;

/**
 * Records the deployments that ended while nobody watched: whoever began them was killed or lost its machine. Without it
 * the way back from them would be unknown. What cannot be found out is told, and stops nothing: it is tried again for
 * thirty days, without a word once a later deployment has its record.
 * @throws Interrupted when the signal says so
 */
export async function catchUp(options: CatchUpOptions): Promise<void> {
  const { clients, deployed, progress } = options;
  const patient = { ...options, forMs: FOR_MS };
  try {
    const records = [
      ...(await readRecords(clients, deployed.table, { ...options, limit: HISTORY }, patient)),
    ];
    for (const snapshot of await unrecorded(patient, records)) {
      const record = await recordLate(patient, snapshot, records);
      if (!record) continue;
      progress(`${snapshot.id} ended while nobody watched (${record.outcome}): its record is written now.`);
      await keepRecord(clients, deployed, record, options);
      records.push(record);
      records.sort((one, other) => (one.release < other.release ? 1 : -1));
    }
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    progress(`What ended while nobody watched cannot be recorded (${wordsOf(error)}).`);
  }
}

/** Deployments without a record, the oldest first; without those that run or only take another one back. */
async function unrecorded(
  options: CatchUpOptions,
  records: readonly ReleaseRecord[],
): Promise<readonly Snapshot[]> {
  const { clients, clock } = options;
  const known = new Set(records.map(deploymentOf));
  const ids = await listSince(clients, nameOf(options), beginOf(records, clock.date()), options);
  const found: Snapshot[] = [];
  for (const id of ids.filter((one) => !known.has(one)).slice(0, MOST))
    found.push(await new Observer(clients, id).glance(options));
  return found
    .filter(
      ({ state, takesBack, creator }) =>
        state !== 'in-flight' && takesBack === undefined && creator !== WAY_BACK,
    )
    .sort((one, other) => moment(one) - moment(other));
}

/** Where to look from: of what is older than the records that were read, nobody knows here whether it has one. */
function beginOf(records: readonly ReleaseRecord[], now: Date): Date {
  const oldest = records.length < HISTORY ? undefined : records.at(-1);
  return new Date(Math.max(now.getTime() - DAYS * DAY_MS, oldest ? Date.parse(oldest.startedAt) : 0));
}

/** Whether a deployment is younger than all that have a record. */
function isNews(snapshot: Snapshot, records: readonly ReleaseRecord[]): boolean {
  const newest = records.find((record) => deploymentOf(record) !== undefined);
  return newest === undefined || moment(snapshot) >= Date.parse(newest.startedAt);
}

async function recordLate(
  options: CatchUpOptions,
  snapshot: Snapshot,
  records: readonly ReleaseRecord[],
): Promise<ReleaseRecord | undefined> {
  const { clients, deployed, clock, progress } = options;
  const name = nameOf(options);
  try {
    const taskDefinition = await taskDefinitionBeingDeployed(clients, name, snapshot.id, options);
    if (taskDefinition === undefined) throw new Error('CodeDeploy does not tell what it brought up');
    const version = await readVersion(clients, taskDefinition, deployed.container, options);
    const limits = await readLimits(clients, await readGroup(clients, name, options), options);
    const seen = await new Observer(clients, snapshot.id).look(options);
    const end = await judge(seen, { clients, name, clock, progress, limits });
    const previous = previousOf(snapshot, taskDefinition, records);
    const ended = { ...end, alarms: [], ...(previous !== undefined && { previous }) };
    return recordOf(basisOf(options, snapshot, taskDefinition), version, ended, clock.date());
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    if (isNews(snapshot, records))
      progress(`${snapshot.id} ended while nobody watched and cannot be recorded (${wordsOf(error)}).`);
    return undefined;
  }
}

/** What a deployment says of itself; the moment of the commit and, where the same one began it, what came with it. */
function basisOf(
  { environment, own }: CatchUpOptions,
  snapshot: Snapshot,
  taskDefinition: string,
): RecordBasis {
  const words = readDescription(snapshot.description);
  const said: RecordBasis = {
    environment,
    kind: words?.kind ?? 'release',
    by: words?.by ?? snapshot.creator ?? 'unknown',
  };
  if (own?.taskDefinition !== taskDefinition || own.basis.kind !== said.kind) return said;
  if (own.basis.by === said.by) return own.basis;
  const { committedAt } = own.basis;
  return { ...said, ...(committedAt !== undefined && { committedAt }) };
}

function nameOf({ deployed: { application, group } }: CatchUpOptions): GroupName {
  return { application, group };
}

function moment({ createdAt }: Snapshot): number {
  return createdAt?.getTime() ?? 0;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

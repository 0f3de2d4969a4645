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
import { readRecords } from './store';

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

/** Records to look through. */
const HISTORY = 200;
/** Days to look back where there is no record yet. */
const DAYS = 30;
const DAY_MS = 86_400_000;
/** Creator of a deployment that takes another back, which does not always name the other. */
const WAY_BACK = 'codeDeployRollback';
/** How long anything here is asked for, in milliseconds: who releases does not wait for the past. */
const FOR_MS = 20_000;

/**
 * Records the deployments that ended while nobody watched: whoever began them was killed or lost its machine. Without it
 * the way back from them would be unknown. What cannot be found out is told, and stops nothing.
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
      records.unshift(record);
    }
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    progress(`What ended while nobody watched cannot be recorded (${wordsOf(error)}).`);
  }
}

/** Deployments since the newest that is recorded, the oldest first; without those that run or only take another one back. */
async function unrecorded(
  options: CatchUpOptions,
  records: readonly ReleaseRecord[],
): Promise<readonly Snapshot[]> {
  const { clients, clock } = options;
  const known = new Set(records.map(deploymentOf));
  const newest = records.find((record) => deploymentOf(record) !== undefined);
  const since = newest ? new Date(newest.startedAt) : new Date(clock.date().getTime() - DAYS * DAY_MS);
  const found: Snapshot[] = [];
  for (const id of await listSince(clients, nameOf(options), since, options))
    if (!known.has(id)) found.push(await new Observer(clients, id).look(options));
  return found
    .filter(
      ({ state, takesBack, creator }) =>
        state !== 'in-flight' && takesBack === undefined && creator !== WAY_BACK,
    )
    .sort((one, other) => moment(one) - moment(other));
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
    const end = await judge(snapshot, { clients, name, clock, progress, limits });
    const previous = previousOf(snapshot, taskDefinition, records);
    const ended = { ...end, alarms: [], ...(previous !== undefined && { previous }) };
    return recordOf(basisOf(options, snapshot, taskDefinition), version, ended, clock.date());
  } catch (error) {
    if (error instanceof Interrupted) throw error;
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

import {
  CreateDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { Clock } from '../ports';
import { RemoteError } from './deployed';
import { SNAPSHOT_INFIX } from './outputs';

/** What a way back is made of. */
export interface RestorePointOptions {
  /** RDS of the environment. */
  readonly client: RDSClient;
  /** Name of the cluster. */
  readonly cluster: string;
  /** Release that is about to change it. */
  readonly release: string;
  /** Phase that is about to run. */
  readonly phase: string;
  /** Time. */
  readonly clock: Clock;
  /** Is told how it goes, a line at a time. */
  readonly progress: (line: string) => void;
}

const POLL_MS = 15_000;
const SNAPSHOT_MS = 60 * 60_000;

/**
 * The latest moment that the cluster can be restored to, from its continuous backup: enough for a phase that loses
 * nothing. Aurora keeps up with it to within minutes.
 */
export async function markMoment({ client, cluster }: RestorePointOptions): Promise<string> {
  const { DBClusters } = await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: cluster }));
  const latest = DBClusters?.[0]?.LatestRestorableTime;
  if (latest === undefined)
    throw new RemoteError(`${cluster} has no moment that it can be restored to: look at its backups first.`);
  return `moment:${cluster}@${latest.toISOString()}`;
}

/**
 * A snapshot of the cluster, finished, named after release and phase. When the same release tries again, the snapshot
 * of its first try is taken: it is the one from before.
 * @throws RemoteError when the snapshot fails or is not there within an hour
 */
export async function takeSnapshot(options: RestorePointOptions): Promise<string> {
  const { client, cluster, clock, progress } = options;
  const name = snapshotName(options);
  const end = clock.now() + SNAPSHOT_MS;
  try {
    await client.send(
      new CreateDBClusterSnapshotCommand({ DBClusterIdentifier: cluster, DBClusterSnapshotIdentifier: name }),
    );
    progress(`Taking the snapshot ${name}.`);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'DBClusterSnapshotAlreadyExistsFault') throw error;
    progress(`The snapshot ${name} is there from an earlier try.`);
  }
  for (;;) {
    const { DBClusterSnapshots } = await client.send(
      new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: name }),
    );
    const status = DBClusterSnapshots?.[0]?.Status ?? 'unknown';
    if (status === 'available') return `snapshot:${name}`;
    if (status === 'failed') throw new RemoteError(`The snapshot ${name} failed: delete it and try again.`);
    if (clock.now() >= end) throw new RemoteError(`The snapshot ${name} is still "${status}" after an hour.`);
    await clock.sleep(POLL_MS);
  }
}

/** RDS takes letters, digits and single hyphens, at most 255 (RDS API reference, CreateDBClusterSnapshot). */
function snapshotName({ cluster, release, phase }: RestorePointOptions): string {
  const words = `${phase}-${release}`.replace(/[^A-Za-z0-9]+/g, '-').replace(/-$/, '');
  return `${cluster}${SNAPSHOT_INFIX}${words}`.toLowerCase();
}

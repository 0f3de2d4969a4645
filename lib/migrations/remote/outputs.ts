/** Outputs of the data stack that a run over the network reads. */
export const DATA_OUTPUTS = {
  runner: 'MigrationRunnerName',
  preparer: 'PrepareDatabaseName',
  cluster: 'ClusterIdentifier',
  release: 'Release',
  commit: 'Commit',
} as const;

/** Output of the data stack, where a pipeline deploys: name of the function that tells of migrations and runs none. */
export const VIEWER_OUTPUT = 'MigrationViewerName';

/** Outputs of the app stack that tell whose tasks run. */
export const APP_OUTPUTS = { cluster: 'ClusterName', service: 'ServiceName' } as const;

/** What the name of a snapshot has between the cluster's and the release's; the pipeline's policy allows no other. */
export const SNAPSHOT_INFIX = '-before-';

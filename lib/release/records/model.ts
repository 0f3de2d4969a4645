import * as z from 'zod';

/** A moment, ISO 8601 in UTC, so that records sort by it as text. */
const moment = z.iso.datetime();

/** One stretch of a release. */
const phase = z.strictObject({
  /** What it is called, such as `Install` or `shift`. */
  name: z.string().min(1).max(100),
  /** How long it took. */
  seconds: z.number().min(0),
});

/** How a release ended. */
export const RELEASE_OUTCOMES = ['succeeded', 'rolled-back', 'failed', 'refused'] as const;

/**
 * What is kept of each release and rollback: an item of the releases table, and the detail of the event that tells of
 * it. Holds names of people only as IAM or the pipeline knows them, and nothing of patients.
 */
export const releaseRecord = z.strictObject({
  /** Environment; the partition key. */
  environment: z.string().min(1).max(12),
  /** Moment of the start, `#`, id of the deployment; the sort key. */
  release: z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z#[\w-]+$/, 'a moment, "#" and the id of a deployment'),
  /** Version as the tasks tell it, such as `1.4.0+0123456789ab`. */
  version: z.string().max(64),
  /** Commit. */
  commit: z.string().max(64),
  /** When the commit was made: where the lead time begins. */
  committedAt: moment.exactOptional(),
  /** Digest of the image, `sha256:` and 64 digits; absent where the task definition names a tag. */
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, '"sha256:" and 64 hexadecimal digits')
    .exactOptional(),
  /** ARN of the task definition that was to take the traffic. */
  taskDefinition: z.string().min(1),
  /** ARN of the task definition that had it before. */
  previousTaskDefinition: z.string().min(1).exactOptional(),
  /** What it was: a release, a way back, or a new image alone. */
  kind: z.enum(['release', 'rollback', 'quick']),
  /** Titles of the migrations that came with it. */
  migrations: z.array(z.string()),
  /** Who approved it, where somebody had to. */
  approver: z.string().max(300).exactOptional(),
  /** Who or what started it. */
  by: z.string().min(1).max(300),
  /** When it began. */
  startedAt: moment,
  /** When it was over. */
  endedAt: moment,
  /** How long each stretch took. */
  phases: z.array(phase),
  /** How it ended. */
  outcome: z.enum(RELEASE_OUTCOMES),
  /** Why, unless it succeeded. */
  cause: z.string().max(1000).exactOptional(),
  /** Names of the alarms that were on when it failed. */
  alarms: z.array(z.string()),
});

/** What is kept of a release. */
export type ReleaseRecord = z.output<typeof releaseRecord>;

/** The event that tells of a record. */
export const RELEASE_EVENT = { source: 'telehealth.releases', detailType: 'Release Recorded' } as const;

/** Namespace of the metrics that are computed from the records. */
export const RELEASE_METRICS = 'Telehealth/Releases';

/** Attributes of the table's key. */
export const RELEASE_KEY = { partition: 'environment', sort: 'release' } as const;

/** The sort key of a record. */
export function releaseKey(startedAt: Date, deployment: string): string {
  return `${startedAt.toISOString()}#${deployment}`;
}

/** The deployment that a record is of; nothing for one that was refused, which has none. */
export function deploymentOf({ release, outcome }: ReleaseRecord): string | undefined {
  return outcome === 'refused' ? undefined : release.slice(release.indexOf('#') + 1);
}

import { z } from 'zod';
import { releaseRecord } from '../../release/records/model';
import { many } from '../report/words';
import type { Bound } from './origins';

/** The bill of materials, in the folder. */
export const SBOM_FILE = 'sbom.cdx.json';
/** What the registry knows of the packages, in the folder. */
export const AUDIT_FILE = 'audit.json';

/** What collects the two. */
export const COLLECT = 'npm run evidence -- collect';

/** Evidence of operation that is looked for. */
export interface Source {
  /** What the report calls it. */
  readonly kind: string;
  /** Its heading. */
  readonly title: string;
  /** Name of the file. */
  readonly file: string;
  /** How to get it. */
  readonly from: string;
  /** What it says something of, and for how long. */
  readonly bound: Bound;
  /** Its form. */
  readonly schema: z.ZodType;
  /** What the file says, in a sentence. @throws ZodError when it is of another form */
  readonly summary: (written: unknown) => string;
  /** Day that the file itself tells; undefined where it tells none. */
  readonly day: (written: unknown) => string | undefined;
}

function source<T>(
  described: Pick<Source, 'kind' | 'title' | 'file' | 'from' | 'bound'>,
  schema: z.ZodType<T>,
  summary: (written: T) => string,
  day: (written: T) => string | undefined = () => undefined,
): Source {
  return {
    ...{ ...described, schema },
    summary: (written) => summary(schema.parse(written)),
    day: (written) => day(schema.parse(written)),
  };
}

/** What the running environments say of themselves: of the release that runs there, and for a week. */
const OF_THE_RELEASE: Bound = { to: 'commit', freshForDays: 7 };

const sbom = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  components: z.array(z.object({ name: z.string() })),
});
/** The form of `npm audit --json`, as far as it is read. */
export const auditSchema = z.object({
  metadata: z.object({
    vulnerabilities: z.object({
      info: z.int(),
      low: z.int(),
      moderate: z.int(),
      high: z.int(),
      critical: z.int(),
    }),
  }),
});
const migrations = z.object({
  action: z.literal('status'),
  version: z.int().optional(),
  migrations: z.array(z.object({ title: z.string(), state: z.string() })),
});
const releases = z.array(releaseRecord);
const drift = z.strictObject({
  checkedOn: z.iso.date(),
  stacks: z.array(z.strictObject({ stack: z.string(), driftedResources: z.int().min(0) })),
});
const drill = z.strictObject({
  doneOn: z.iso.date(),
  environment: z.string(),
  restored: z.string().describe('What was restored, for example the cluster'),
  rtoMinutes: z.number().min(0).describe('Measured until it served again'),
  rpoMinutes: z.number().min(0).describe('Measured age of the newest data that was there'),
  rtoTargetMinutes: z.number().min(0),
  rpoTargetMinutes: z.number().min(0),
});

function times(measured: number, target: number): string {
  return `${measured} min (${measured <= target ? 'within' : 'OVER'} ${target})`;
}

/** Everything that is looked for. */
export const SOURCES: readonly Source[] = [
  source(
    {
      kind: 'sbom',
      title: 'Software bill of materials',
      file: SBOM_FILE,
      from: COLLECT,
      bound: { to: 'packageLock' },
    },
    sbom,
    ({ specVersion, components }) => `${many(components.length, 'component')}, CycloneDX ${specVersion}.`,
  ),
  source(
    {
      kind: 'scan',
      title: 'Known vulnerabilities of packages',
      file: AUDIT_FILE,
      from: COLLECT,
      // What is known of a package grows every day.
      bound: { to: 'packageLock', freshForDays: 7 },
    },
    auditSchema,
    ({ metadata: { vulnerabilities: found } }) =>
      `${found.critical} critical, ${found.high} high, ${found.moderate} moderate, ${found.low} low.`,
  ),
  source(
    {
      kind: 'migrations',
      title: 'Migrations of the database',
      file: 'migrations.json',
      from: 'npm run --silent migrate -- status --env <name> --json > migrations.json',
      bound: OF_THE_RELEASE,
    },
    migrations,
    ({ version, migrations: all }) =>
      `At version ${version ?? 'unknown'}; ${all.filter(({ state }) => state === 'applied').length} of ${all.length} migrations applied.`,
  ),
  source(
    {
      kind: 'releases',
      title: 'Releases and rollbacks',
      file: 'releases.json',
      from: 'npm run --silent releases -- --env <name> --json > releases.json',
      bound: OF_THE_RELEASE,
    },
    releases,
    (records) => {
      const ended = (outcome: string): number =>
        records.filter((record) => record.outcome === outcome).length;
      const last = records
        .map(({ endedAt }) => endedAt)
        .sort()
        .at(-1);
      return `${many(records.length, 'record')}: ${ended('succeeded')} succeeded, ${ended('rolled-back')} rolled back, ${ended('failed')} failed, ${ended('refused')} refused${last === undefined ? '' : `; the last ended at ${last}`}.`;
    },
  ),
  source(
    {
      kind: 'drift',
      title: 'Drift of the stacks',
      file: 'drift.json',
      from: 'a drift detection, by hand',
      bound: OF_THE_RELEASE,
    },
    drift,
    ({ checkedOn, stacks }) =>
      `${stacks.reduce((sum, { driftedResources }) => sum + driftedResources, 0)} drifted resources in ${many(stacks.length, 'stack')} on ${checkedOn}.`,
    ({ checkedOn }) => checkedOn,
  ),
  source(
    {
      kind: 'restore-drill',
      title: 'Restore drill',
      file: 'restore-drill.json',
      from: 'a drill, by hand',
      // It tries backups and people more than a release, and is done a few times a year.
      bound: { freshForDays: 92 },
    },
    drill,
    (done) =>
      `${done.restored} of ${done.environment} restored on ${done.doneOn}: RTO ${times(done.rtoMinutes, done.rtoTargetMinutes)}, RPO ${times(done.rpoMinutes, done.rpoTargetMinutes)}.`,
    ({ doneOn }) => doneOn,
  ),
];

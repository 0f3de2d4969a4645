import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { releaseRecord } from '../../release/records/model';
import { byText } from '../report/ids';
import type { Report } from '../report/model';
import { ORIGINS_FILE, type Sources, stalenessOf } from './origins';

type Operational = Report['operational'][number];

/** Folder that what is collected of operation is laid into, relative to the repository. */
export const OPERATIONAL_FOLDER = '.cache/evidence/operational';

/** The bill of materials, in the folder. */
export const SBOM_FILE = 'sbom.cdx.json';
/** What the registry knows of the packages, in the folder. */
export const AUDIT_FILE = 'audit.json';

/** What collects the two, in a sentence's half. */
const COLLECT = 'npm run evidence -- collect';

/** Evidence of operation that is collected where somebody laid it into the folder. */
interface Source {
  readonly kind: string;
  readonly title: string;
  /** Name of the file. */
  readonly file: string;
  /** How to get it. */
  readonly from: string;
  /** Whether it says something of these sources alone, and for how many days where it does not hold for ever. */
  readonly bound?: { readonly freshForDays?: number };
  /** What the file says, in a sentence. */
  readonly summary: (written: unknown) => string;
}

function source<T>(
  described: Omit<Source, 'summary'>,
  schema: z.ZodType<T>,
  summary: (written: T) => string,
): Source {
  return { ...described, summary: (written) => summary(schema.parse(written)) };
}

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
const SOURCES: readonly Source[] = [
  source(
    {
      kind: 'sbom',
      title: 'Software bill of materials',
      file: SBOM_FILE,
      from: COLLECT,
      bound: {},
    },
    sbom,
    ({ specVersion, components }) => `${components.length} components, CycloneDX ${specVersion}.`,
  ),
  source(
    {
      kind: 'scan',
      title: 'Known vulnerabilities of packages',
      file: AUDIT_FILE,
      from: COLLECT,
      // What is known of a package grows every day.
      bound: { freshForDays: 7 },
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
      from: 'npm run migrate -- status --env <name> --json',
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
      from: 'npm run releases -- --env <name> --json',
    },
    releases,
    (records) => {
      const ended = (outcome: string): number =>
        records.filter((record) => record.outcome === outcome).length;
      const last = records
        .map(({ endedAt }) => endedAt)
        .sort()
        .at(-1);
      return `${records.length} records: ${ended('succeeded')} succeeded, ${ended('rolled-back')} rolled back, ${ended('failed')} failed, ${ended('refused')} refused${last === undefined ? '' : `; the last ended at ${last}`}.`;
    },
  ),
  source(
    { kind: 'drift', title: 'Drift of the stacks', file: 'drift.json', from: 'a drift detection, by hand' },
    drift,
    ({ checkedOn, stacks }) =>
      `${stacks.reduce((sum, { driftedResources }) => sum + driftedResources, 0)} drifted resources in ${stacks.length} stacks on ${checkedOn}.`,
  ),
  source(
    { kind: 'restore-drill', title: 'Restore drill', file: 'restore-drill.json', from: 'a drill, by hand' },
    drill,
    (done) =>
      `${done.restored} of ${done.environment} restored on ${done.doneOn}: RTO ${times(done.rtoMinutes, done.rtoTargetMinutes)}, RPO ${times(done.rpoMinutes, done.rpoTargetMinutes)}.`,
  ),
];

/** What was collected, and the files that go into the evidence. */
export interface Collected {
  /** One entry for everything that is looked for, present or not. */
  readonly operational: Operational[];
  /** Where each file stands, by its name in the evidence. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Collects what was laid into the folder. What is not there or is of another form is said to be absent, and what is of
 * other sources or too old to be stale; neither goes along.
 */
export function collectOperational(folder: string, sources: Sources): Collected {
  const files = new Map<string, string>();
  const operational = SOURCES.map(({ kind, title, file, from, bound, summary }): Operational => {
    const place = path.join(folder, file);
    if (!fs.existsSync(place))
      return { kind, title, state: 'absent', summary: `Not collected: ${file}, from ${from}.` };
    try {
      const said = summary(JSON.parse(fs.readFileSync(place, 'utf8')));
      const stale = bound && stalenessOf(folder, file, sources, bound.freshForDays);
      if (stale !== undefined)
        return { kind, title, state: 'stale', summary: `${file} shows nothing: ${stale}. Anew by ${from}.` };
      const name = `operational/${file}`;
      files.set(name, place);
      if (bound) files.set(`operational/${ORIGINS_FILE}`, path.join(folder, ORIGINS_FILE));
      return { kind, title, state: 'present', summary: said, file: name };
    } catch {
      return { kind, title, state: 'absent', summary: `${file} is not what ${from} writes.` };
    }
  });
  return { operational, files: new Map([...files].sort(([a], [b]) => byText(a, b))) };
}

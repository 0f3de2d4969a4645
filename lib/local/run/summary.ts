import * as fs from 'node:fs';
import { z } from 'zod';
import type { Folders } from '../folders';
import type { Migrated } from '../migrations';

const summarySchema = z.object({
  cloud: z.object({ endpoint: z.string(), region: z.string(), account: z.string(), caFile: z.string() }),
  url: z.string(),
  userPoolId: z.string(),
  clientId: z.string(),
  /** Ports of the stand-in of CodeDeploy, and of ECS with its task sets; one started by an older release has none. */
  codeDeploy: z.object({ port: z.int(), ecsPort: z.int() }).optional(),
  database: z.object({ port: z.int(), name: z.string(), user: z.string(), migratorUser: z.string() }),
});

/** What a start found, kept for the other commands. */
export type Summary = z.output<typeof summarySchema>;

/** What the last start found; nothing when there was none. */
export function readSummary(folders: Folders): Summary | undefined {
  if (!fs.existsSync(folders.summaryFile)) return undefined;
  return summarySchema.parse(JSON.parse(fs.readFileSync(folders.summaryFile, 'utf8')));
}

/** Keeps what a start found. */
export function writeSummary(folders: Folders, summary: Summary): void {
  fs.writeFileSync(folders.summaryFile, JSON.stringify(summary, null, 2), { mode: 0o600 });
}

/** What the table of a start says. */
export interface Shown {
  /** Kept for the other commands. */
  readonly summary: Summary;
  /** What the readiness check answered. */
  readonly health: string;
  /** How the schema stands. */
  readonly schema: Pick<Migrated, 'version' | 'waits'>;
}

/** The table that a start ends with. */
export function table({ summary, health, schema }: Shown, dirOption: string): string {
  const { cloud, database } = summary;
  const waits = schema.waits.length === 0 ? '' : `; waits: ${schema.waits.join(' ')}`;
  const rows: readonly (readonly [string, string])[] = [
    ['API', summary.url],
    ['health', health],
    ['schema', `version ${schema.version}${waits}`],
    ['try it', `curl --cacert ${cloud.caFile} ${summary.url}/health/ready`],
    ['user pool', summary.userPoolId],
    ['demo user', `npm run --silent local -- token${dirOption}    (an access token)`],
    [
      'who am I',
      `curl --cacert ${cloud.caFile} -H "authorization: Bearer $(npm run --silent local -- token${dirOption})" ${summary.url}/v1/me`,
    ],
    [
      'database',
      `postgresql://${database.user}@127.0.0.1:${database.port}/${database.name}?sslmode=verify-full&sslrootcert=${cloud.caFile}`,
    ],
    ['AWS', `${cloud.endpoint}  (region ${cloud.region}, access key id ${cloud.account}, any secret)`],
    ...(summary.codeDeploy === undefined
      ? []
      : [['CodeDeploy', `http://127.0.0.1:${summary.codeDeploy.port}  (stand-in)`] as const]),
    ['authority', cloud.caFile],
    ['stop', dirOption === '' ? 'npm stop' : `npm run local -- stop${dirOption}`],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`).join('\n');
}

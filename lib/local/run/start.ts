import { ensureAuthority } from '../authority';
import type { LocalCloud } from '../cloud';
import { deployLocal, type Deployment } from '../deploy';
import { emulatorStatus, startEmulator } from '../emulator';
import type { Folders } from '../folders';
import { seedDemoUser } from '../identity';
import { isFree, PortBook } from '../ports';
import { postgresStatus, startPostgres } from '../postgres';
import { startSupervisor } from '../supervisor';
import { locked } from './lock';
import { preflight } from './preflight';
import { waitUntilReady } from './ready';
import type { Steps } from './steps';
import { type Summary, writeSummary } from './summary';

/** What is started, and from what. */
export interface StartOptions {
  /** Root of the repository. */
  readonly root: string;
  /** The environment's folders. */
  readonly folders: Folders;
  /** Folder of the emulator's installation. */
  readonly cacheDir: string;
  /** Builds the API into a folder. */
  readonly buildApp: (folder: string) => void;
  /** Shows the steps. */
  readonly steps: Steps;
}

/** What the table of a start says. */
export interface Started {
  /** Kept for the other commands. */
  readonly summary: Summary;
  /** What the readiness check answered. */
  readonly health: string;
  /** What the deployment did. */
  readonly deployment: Deployment;
}

/** Where the `Local` Stage is deployed; a test compares it with the configuration. */
export const PLACE = { region: 'us-east-1', account: '000000000000' } as const;
/** Names that the Data stack gives; a test compares them with its template. */
export const DATABASE = {
  masterUser: 'telehealth_admin',
  apiUser: 'telehealth_api',
  migratorUser: 'telehealth_migrator',
  databaseName: 'telehealth',
} as const;
const EMULATOR_PORT = 24_566;
const DATABASE_PORT = 25_432;
const DEMO_USER = { email: 'demo@clinic.example', organisation: 'demo-clinic', role: 'DOCTOR' } as const;

/** Brings the environment up, or up to date, and leaves it running. */
export async function start(options: StartOptions): Promise<Started> {
  const { folders, steps } = options;
  preflight(folders);
  return locked(folders.lockFile, async () => {
    const authority = await steps.run('certificates', () => ensureAuthority(folders.authority));
    const ports = await claimPorts(folders, authority.caFile);
    const cloud: LocalCloud = {
      endpoint: `https://127.0.0.1:${ports.emulator}`,
      ...PLACE,
      caFile: authority.caFile,
    };
    await Promise.all([
      steps.run('PostgreSQL', () =>
        startPostgres({ dir: folders.postgres, port: ports.database, authority, ...DATABASE }),
      ),
      steps.run('local AWS', () =>
        startEmulator({
          dir: folders.emulator,
          cacheDir: options.cacheDir,
          port: ports.emulator,
          authority,
          nodeModules: `${options.root}/node_modules`,
        }),
      ),
      steps.run('API build', () => options.buildApp(folders.app)),
    ]);
    const deployment = await steps.run('deployment', (progress) =>
      deployLocal({
        root: options.root,
        dir: folders.deployment,
        cloud,
        database: { host: 'localhost', port: ports.database },
        progress,
      }),
    );
    const control = await steps.run('load balancer and tasks', async () =>
      startSupervisor({
        cloud,
        tasks: folders.tasks,
        supervisor: folders.supervisor,
        builtApp: folders.app,
        portsFile: folders.portsFile,
        certificate: await authority.certificate('load-balancer', ['localhost', '127.0.0.1']),
        databasePort: ports.database,
      }),
    );
    const directory = {
      cloud,
      userPoolId: output(deployment, 'UserPoolId'),
      clientId: output(deployment, 'ApiClientId'),
    };
    const [, ready] = await Promise.all([
      steps.run('demo user', () => seedDemoUser(directory, { file: folders.demoUserFile, ...DEMO_USER })),
      steps.run('API ready', () => waitUntilReady(control, authority.caFile)),
    ]);
    const summary: Summary = {
      cloud,
      url: ready.url,
      userPoolId: directory.userPoolId,
      clientId: directory.clientId,
      database: { port: ports.database, name: DATABASE.databaseName, user: DATABASE.apiUser },
    };
    writeSummary(folders, summary);
    return { summary, health: ready.health, deployment };
  });
}

async function claimPorts(
  folders: Folders,
  caFile: string,
): Promise<{ readonly emulator: number; readonly database: number }> {
  const book = new PortBook(folders.portsFile);
  const emulator = await emulatorStatus(folders.emulator, caFile);
  const database = postgresStatus({ dir: folders.postgres });
  const ours = (port: number): boolean => database.state !== 'stopped' && database.port === port;
  const deployed = book.known('database');
  // What is deployed holds the address; another port would leave the registered task without its database.
  if (deployed !== undefined && !ours(deployed) && !(await isFree(deployed)))
    throw new Error(
      `Port ${deployed}, where the database of this environment is deployed, is taken by another program: end that program, or begin anew after npm run local -- destroy.`,
    );
  return {
    emulator: await book.claim(
      'emulator',
      EMULATOR_PORT,
      (port) => emulator.endpoint?.endsWith(`:${port}`) === true,
    ),
    database: await book.claim('database', DATABASE_PORT, ours),
  };
}

function output({ outputs }: Deployment, name: string): string {
  const found = Object.values(outputs).find((values) => values[name] !== undefined)?.[name];
  if (found === undefined) throw new Error(`The deployment has no output ${name}.`);
  return found;
}

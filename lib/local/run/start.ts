import { ensureAuthority } from '../authority';
import type { LocalCloud } from '../cloud';
import { claimCodeDeploy, codeDeployEnvironment, startCodeDeploy } from '../codedeploy';
import { deployLocal, type Deployment } from '../deploy';
import { emulatorStatus, startEmulator } from '../emulator';
import type { Folders } from '../folders';
import { personIdOf, seedDemoUser } from '../identity';
import { Migrations, type Migrated, seedDemoData } from '../migrations';
import { claimHookListeners } from '../load-balancer/listener-port';
import { isFree, PortBook } from '../ports';
import { postgresStatus, startPostgres } from '../postgres';
import { callSupervisor, runningSupervisor, startSupervisor } from '../supervisor';
import { locked } from './lock';
import { preflight } from './preflight';
import { waitUntilReady } from './ready';
import type { Steps } from './steps';
import { type Shown, type Summary, writeSummary } from './summary';

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
  /** Whether the version that runs keeps the traffic until another is released, as in AWS. */
  readonly hold: boolean;
}

/** What a start did. */
export interface Started extends Shown {
  /** What the deployment did. */
  readonly deployment: Deployment;
  /** How the schema stands. */
  readonly schema: Migrated;
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
/** The stack that holds the database and the functions that change it. */
const DATA_STACK = 'Local-Data';
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
    const { masterUser, databaseName } = DATABASE;
    const postgres = { dir: folders.postgres, port: ports.database, authority, masterUser, databaseName };
    await Promise.all([
      steps.run('PostgreSQL', () => startPostgres(postgres)),
      steps.run('local AWS', () =>
        startEmulator({
          dir: folders.emulator,
          cacheDir: options.cacheDir,
          port: ports.emulator,
          authority,
          nodeModules: `${options.root}/node_modules`,
          standIns: {
            ...codeDeployEnvironment(ports.codeDeploy),
            LISTENERS: ports.listeners,
          },
        }),
      ),
      steps.run('API build', () => options.buildApp(folders.app)),
    ]);
    // Before the deployment: the bridge's functions speak to ECS through it.
    await steps.run('CodeDeploy', () =>
      startCodeDeploy({
        folder: folders.codeDeploy,
        ...ports.codeDeploy,
        places: [{ cloud, supervisor: folders.supervisor }],
      }),
    );
    const deployment = await steps.run('deployment', (progress) =>
      deployLocal({
        root: options.root,
        dir: folders.deployment,
        cloud,
        database: { host: 'localhost', port: ports.database },
        progress,
      }),
    );
    const { migrations, expanded } = await steps.run('migrations', async (progress) => {
      const migrations = await Migrations.of({ cloud, postgres, stack: DATA_STACK, progress });
      return { migrations, expanded: await migrations.expand() };
    });
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
    // Who writes code wants it to run: what was built just now takes over without a release.
    if (!options.hold) await callSupervisor(control, 'adopt', { deployed: revisions(deployment) });
    const directory = {
      cloud,
      userPoolId: output(deployment, 'UserPoolId'),
      clientId: output(deployment, 'ApiClientId'),
    };
    const [, ready] = await Promise.all([
      steps.run('demo user and data', async () => {
        await seedDemoUser(directory, { file: folders.demoUserFile, ...DEMO_USER });
        const { organisation, role } = DEMO_USER;
        const { databaseName: database, migratorUser } = DATABASE;
        const { caFile } = authority;
        const person = { organisation, role, personId: await personIdOf(directory, DEMO_USER.email) };
        await seedDemoData({ port: ports.database, caFile, database, migratorUser, ...person });
      }),
      steps.run('API ready', () => waitUntilReady(control, authority.caFile)),
    ]);
    const schema = options.hold
      ? expanded
      : // Nothing of an older release is connected any more, unless somebody began it by hand.
        await steps.run('migrations (contract)', async () => {
          const contracted = await migrations.contract();
          return { ...contracted, applied: [...expanded.applied, ...contracted.applied] };
        });
    const summary: Summary = {
      cloud,
      url: ready.url,
      userPoolId: directory.userPoolId,
      clientId: directory.clientId,
      codeDeploy: ports.codeDeploy,
      database: {
        port: ports.database,
        name: DATABASE.databaseName,
        user: DATABASE.apiUser,
        migratorUser: DATABASE.migratorUser,
      },
    };
    writeSummary(folders, summary);
    return { summary, health: ready.health, deployment, schema };
  });
}

interface Ports {
  readonly emulator: number;
  readonly database: number;
  readonly codeDeploy: { readonly port: number; readonly ecsPort: number };
  /** Where the first load balancer serves its listeners, as hooks are told. */
  readonly listeners: string;
}

async function claimPorts(folders: Folders, caFile: string): Promise<Ports> {
  const book = new PortBook(folders.portsFile);
  const emulator = await emulatorStatus(folders.emulator, caFile);
  const database = postgresStatus({ dir: folders.postgres });
  const ours = (port: number): boolean => database.state !== 'stopped' && database.port === port;
  const serving = (): boolean => runningSupervisor(folders.supervisor) !== undefined;
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
    codeDeploy: await claimCodeDeploy(book, folders.codeDeploy),
    listeners: await claimHookListeners(book, serving),
  };
}

/** The task definitions that the templates tell in their outputs. */
function revisions({ outputs }: Deployment): string[] {
  const all = Object.values(outputs).flatMap((values) => Object.values(values));
  return all.filter((value) => /^arn:[^:]+:ecs:[^:]*:\d{12}:task-definition\/[^:]+:\d+$/.test(value));
}

function output({ outputs }: Deployment, name: string): string {
  const found = Object.values(outputs).find((values) => values[name] !== undefined)?.[name];
  if (found === undefined) throw new Error(`The deployment has no output ${name}.`);
  return found;
}

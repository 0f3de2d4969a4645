import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { clientOptions, type LocalCloud, requireLoopback } from '../cloud';
import { clientEnvironment } from '../emulator';
import { localiseAssembly } from '../localise';
import { assemblyFolders, ensureAssembly, remember, STAGE } from './assembly';
import { bridgeArn, ensureBridge } from './bridge-function';
import { cdk, type CdkOptions } from './cdk';
import { DeploymentError } from './failure';
import { Stacks } from './stacks';

/** Stacks deployed at once; as many as do not wait for one another. */
const CONCURRENCY = 3;

/** What is deployed, and onto what. */
export interface DeployOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Folder for the assemblies. */
  readonly dir: string;
  /** The running local AWS. */
  readonly cloud: LocalCloud;
  /** Where the running PostgreSQL answers; its certificate names this host. */
  readonly database: { readonly host: string; readonly port: number };
  /** Is told what is being done, a line at a time. */
  readonly progress: (line: string) => void;
}

/** What a deployment did. */
export interface Deployment {
  /** Values of `CfnOutput`, by stack and name. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Milliseconds of each phase that was needed. */
  readonly phases: Readonly<Record<string, number>>;
  /** Whether anything was deployed; false when everything was as it should be. */
  readonly changed: boolean;
}

/**
 * Deploys the local Stage with the real CDK: synthesises when an input changed, localises the assembly,
 * bootstraps once, and deploys what differs. What an earlier, failed deployment left is mended first.
 *
 * @throws DeploymentError with the failing resource and CloudFormation's reason
 */
export async function deployLocal(options: DeployOptions): Promise<Deployment> {
  const { cloud, root, progress } = options;
  requireLoopback(cloud.endpoint);
  const folders = assemblyFolders(options.dir);
  fs.mkdirSync(folders.home, { recursive: true, mode: 0o700 });
  const phases: Record<string, number> = {};
  const timed = async <T>(name: string, run: () => T | Promise<T>): Promise<T> => {
    const start = Date.now();
    try {
      return await run();
    } finally {
      phases[name] = Date.now() - start;
    }
  };
  const cli: CdkOptions = { root, environment: clientEnvironment(cloud, folders.home) };

  const remembered = await ensureAssembly(folders, cli, (run) => {
    progress('synthesising');
    return timed('synth', run);
  });

  const hash = await timed('localise', async () =>
    crypto
      .createHash('sha256')
      .update(
        localiseAssembly(folders.synthesised, folders.localised, {
          bridgeArn: bridgeArn(cloud),
          database: options.database,
        }),
      )
      .update(await ensureBridge(cloud))
      .digest('hex'),
  );

  const stacks = new Stacks(cloud, `${STAGE}-`);
  const changed = remembered.deployed !== hash || !(await stacks.sound(stackNames(folders.localised)));
  if (changed) {
    remember(folders.remembered, { inputs: remembered.inputs });
    await timed('bootstrap', () => bootstrap(folders.localised, cloud, cli, progress));
    const mended = await timed('mend', () => stacks.mend());
    for (const stack of mended) progress(`deleted ${stack}, which an earlier deployment left`);
    progress('deploying');
    await timed('deploy', () => deploy(folders.localised, stacks, cli, progress));
    remember(folders.remembered, { ...remembered, deployed: hash });
  }
  return { outputs: await stacks.outputs(), phases, changed };
}

/** The real bootstrap template with its real roles, once for each state of the emulator. */
async function bootstrap(
  assembly: string,
  cloud: LocalCloud,
  cli: CdkOptions,
  progress: (line: string) => void,
): Promise<void> {
  const done = await new SSMClient(clientOptions(cloud))
    .send(new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }))
    .then(() => true)
    .catch(() => false);
  if (done) return;
  progress('bootstrapping');
  // Without an assembly the CLI would synthesise every environment, only to look for the account named here.
  const args = ['bootstrap', `aws://${cloud.account}/${cloud.region}`, '--app', assembly];
  const { code, output } = await cdk(args, cli);
  if (code !== 0) throw new Error(`The bootstrap of the local AWS failed:\n${output.trim()}`);
}

async function deploy(
  assembly: string,
  stacks: Stacks,
  cli: CdkOptions,
  progress: (line: string) => void,
): Promise<void> {
  const start = new Date();
  const onLine = (line: string): void => {
    const done = /^ ✅ +(\S+)/.exec(line);
    if (done?.[1] !== undefined) progress(`deployed ${done[1]}`);
  };
  const args = [
    'deploy',
    `${STAGE}/*`,
    '--app',
    assembly,
    '--require-approval',
    'never',
    '--concurrency',
    String(CONCURRENCY),
    '--progress',
    'events',
    // A change set of the emulator does not see a change of outputs alone, and the next stack misses an export.
    '--method',
    'direct',
  ];
  const { code, output } = await cdk(args, { ...cli, onLine });
  if (code !== 0) throw new DeploymentError(await stacks.failuresSince(start), output);
}

function stackNames(assembly: string): string[] {
  const manifest = z.object({
    artifacts: z.record(
      z.string(),
      z.looseObject({
        type: z.string(),
        properties: z.looseObject({ stackName: z.string().optional() }).optional(),
      }),
    ),
  });
  const file = path.join(assembly, `assembly-${STAGE}`, 'manifest.json');
  const { artifacts } = manifest.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { properties }]) => properties?.stackName ?? id);
}

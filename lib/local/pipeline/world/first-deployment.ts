import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { cdk } from '../../deploy';
import { clientEnvironment } from '../../emulator';
import { localiseAssembly } from '../../localise';
import type { Definition } from '../definition/model';
import { obstacles } from '../definition/playable';
import { pipelineStacks, readSynthesised } from '../definition/read-assembly';
import { readDeployed } from '../definition/read-deployed';
import { accountOf } from './service-roles';
import type { Estate } from './estate';

/** How the pipeline's stack is found. */
export interface FirstDeploymentOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Folder of what stays from one rehearsal to the next. */
  readonly dir: string;
  /** Stack of the pipeline, when several hold one. */
  readonly stack: string | undefined;
  /** The accounts. */
  readonly estate: Estate;
  /** Is told what is being done. */
  readonly tell: (line: string) => void;
}

const knownSchema = z.object({ stackName: z.string(), account: z.string(), region: z.string() });

/**
 * The pipeline as it is deployed. The first time it is synthesised from the working tree and deployed, as an
 * administrator does once; afterwards it changes by its own step alone.
 */
export async function deployedPipeline(options: FirstDeploymentOptions): Promise<Definition> {
  const { estate, dir } = options;
  const knownFile = path.join(dir, 'pipeline.json');
  const known = fs.existsSync(knownFile)
    ? knownSchema.parse(JSON.parse(fs.readFileSync(knownFile, 'utf8')))
    : undefined;
  if (known !== undefined && (options.stack ?? known.stackName) === known.stackName) {
    const found = await readDeployed(estate.cloud(known.account, known.region), known.stackName);
    if (found !== undefined) {
      await prepareAccounts(found, estate);
      return found;
    }
  }
  const made = await deploy(options);
  fs.writeFileSync(
    knownFile,
    JSON.stringify({ stackName: made.stackName, account: made.account, region: made.region }),
  );
  return made;
}

async function deploy({ root, dir, stack, estate, tell }: FirstDeploymentOptions): Promise<Definition> {
  const assembly = path.join(dir, 'assembly');
  const home = path.join(dir, 'home');
  fs.mkdirSync(home, { recursive: true });
  fs.rmSync(assembly, { recursive: true, force: true });
  tell('synthesising the pipeline for its first deployment');
  const anyone = clientEnvironment(estate.cloud('000000000000', 'us-east-1'), home);
  await succeed(cdk(['synth', '--quiet', '--output', assembly], { root, environment: anyone }), 'synthesis');
  const definition = readSynthesised(assembly, stack);
  const found = obstacles(definition);
  if (found.length > 0) throw new Error(`The pipeline cannot be played:\n${found.join('\n')}`);
  await prepareAccounts(definition, estate);
  const { account, region, stackName } = definition;
  const localised = path.join(dir, 'local-assembly');
  const bridgeArn = estate.bridge(account, region);
  localiseAssembly(assembly, localised, { bridgeArn, database: { host: 'localhost', port: 0 } });
  tell(`deploying ${stackName} into account ${account}`);
  const name = pipelineStacks(assembly).find((one) => one.stackName === stackName)?.displayName ?? stackName;
  const args = ['deploy', name, '--app', localised, '--require-approval', 'never', '--method', 'direct'];
  const cloud = estate.cloud(account, region);
  const environment = clientEnvironment(cloud, home);
  await succeed(cdk(args, { root, directory: home, environment }), `deployment of ${stackName}`);
  const deployed = await readDeployed(cloud, stackName);
  if (deployed === undefined) throw new Error(`${stackName} is not there after its deployment.`);
  return deployed;
}

/** Bootstraps the pipeline's account and every one that it deploys to. */
async function prepareAccounts({ account, region, pipeline }: Definition, estate: Estate): Promise<void> {
  await estate.prepare(account, region, account);
  const roles = pipeline.stages
    .flatMap(({ actions }) => actions)
    .filter(({ provider }) => provider === 'CloudFormation')
    .map(({ roleArn }) => accountOf(roleArn ?? pipeline.roleArn));
  for (const target of new Set(roles)) {
    await estate.prepare(target, region, account);
    estate.environment(target, region);
  }
  await estate.startCodeDeploy();
}

async function succeed(run: Promise<{ code: number; output: string }>, what: string): Promise<void> {
  const { code, output } = await run;
  if (code !== 0) throw new Error(`The ${what} failed:\n${output.trim()}`);
}

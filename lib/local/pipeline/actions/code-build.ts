import * as fs from 'node:fs';
import * as path from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { clientOptions, type Keys, type LocalCloud } from '../../cloud';
import { discard } from '../../discard';
import { localiseAssembly } from '../../localise';
import type { LocaliseOptions } from '../../localise/localise-template';
import { runBuild } from '../build/build';
import type { LookUp } from '../build/variables';
import { stacksOf } from '../definition/read-assembly';
import { pushImageAssets } from '../world/image-assets';
import { assumeAsService, requireAllowed } from '../world/service-roles';
import { ActionError, type ActionContext, type ActionResult } from './context';

const variablesSchema = z.array(
  z.object({
    name: z.string(),
    type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']).default('PLAINTEXT'),
    value: z.string(),
  }),
);

/** A build, under the project's own role. */
export async function codeBuild(context: ActionContext): Promise<ActionResult> {
  const { action, definition, estate, folder, container } = context;
  const { configuration } = action;
  const project = definition.projects.get(configuration['ProjectName'] ?? '');
  if (project === undefined)
    throw new ActionError(`There is no project ${configuration['ProjectName'] ?? ''}.`);
  const { account, region } = definition;
  const cloud = estate.cloud(account, region);
  await context.keys();
  const arn = `arn:aws:codebuild:${region}:${account}:project/${project.name}`;
  if (action.roleArn !== undefined) await requireAllowed(cloud, action.roleArn, 'codebuild:StartBuild', arn);
  const build = path.basename(folder);
  const session = `AWSCodeBuild-${build}`;
  const take = () => assumeAsService(cloud, project.serviceRoleArn, 'codebuild.amazonaws.com', session);
  const keys = await take();
  const access = context.credentials.open(project.serviceRoleArn, take);
  if (project.privileged && container.engine === undefined)
    context.log('No container engine answers here: the digest of the built bundle stands for the image.\n');
  try {
    const inputs: { name: string; folder: string }[] = [];
    for (const name of orderedInputs(context)) {
      const from = artifactOf(context, name);
      // What a build deploys is its source, and goes to the emulator; beside a source stands what it only reads.
      const deploys = inputs.length === 0 && isAssembly(from);
      inputs.push({ name, folder: deploys ? await localised(context, name, from) : from });
    }
    const environment = container.environment(folder, cloud, access.environment, await estate.names());
    const result = await runBuild({
      project,
      folder,
      inputs,
      outputs: action.outputs,
      variables: variablesSchema.parse(JSON.parse(configuration['EnvironmentVariables'] ?? '[]')),
      container: environment,
      builtIn: {
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        CODEBUILD_BUILD_ID: `${project.name}:${build}`,
        CODEBUILD_BUILD_ARN: `arn:aws:codebuild:${region}:${account}:build/${project.name}:${build}`,
        CODEBUILD_BUILD_NUMBER: '1',
        CODEBUILD_BUILD_IMAGE: project.image,
        CODEBUILD_INITIATOR: `codepipeline/${definition.pipeline.name}`,
        CODEBUILD_RESOLVED_SOURCE_VERSION: context.revision.commit,
        CODEBUILD_SOURCE_VERSION: context.revision.commit,
        CODEBUILD_START_TIME: String(Date.now()),
      },
      lookUp: lookUp(cloud, keys),
      switches: context.switches,
      log: context.log,
      signal: context.signal,
    });
    if (result.status !== 'SUCCEEDED') throw new ActionError(result.problem ?? result.status);
    if (project.privileged)
      for (const { folder: from } of inputs)
        if (isAssembly(from)) context.log(pushImageAssets(from, environment));
    return { artifacts: result.artifacts, variables: result.exported };
  } finally {
    access.close();
    // What was installed is large, and no other action reads it.
    discard(path.join(folder, 'src', 'node_modules'), path.join(folder, 'discarded'));
  }
}

/** Inputs with the primary source first, where the action names one. */
function orderedInputs({ action }: ActionContext): string[] {
  const primary = action.configuration['PrimarySource'];
  if (primary === undefined) return [...action.inputs];
  return [primary, ...action.inputs.filter((name) => name !== primary)];
}

function artifactOf({ artifacts }: ActionContext, name: string): string {
  const folder = artifacts.get(name);
  if (folder === undefined) throw new ActionError(`The artifact ${name} is not there.`);
  return folder;
}

/** A copy of a cloud assembly as the emulator deploys it. */
async function localised({ estate, folder }: ActionContext, name: string, from: string): Promise<string> {
  const to = path.join(folder, `localised-${name}`);
  const regions = new Map(stacksOf(from).map((stack) => [stack.account, stack.region]));
  const bridgeArn = (account: string): string => estate.bridge(account, regions.get(account) ?? '');
  const options = new Map<string, LocaliseOptions>();
  for (const [account, region] of regions)
    options.set(account, await estate.environment(account, region).localised(bridgeArn(account)));
  localiseAssembly(from, to, {
    keepImages: true,
    of: (account = '') =>
      options.get(account) ?? { bridgeArn: bridgeArn(account), database: { host: 'localhost', port: 0 } },
  });
  return to;
}

function isAssembly(folder: string): boolean {
  return ['cdk.out', 'manifest.json'].every((file) => fs.existsSync(path.join(folder, file)));
}

function lookUp(cloud: LocalCloud, keys: Keys): LookUp {
  const options = clientOptions(cloud, keys);
  return async (type, name) => {
    if (type === 'PARAMETER_STORE') {
      const { Parameter } = await new SSMClient(options).send(
        new GetParameterCommand({ Name: name, WithDecryption: true }),
      );
      return Parameter?.Value ?? '';
    }
    // `<id>[:json-key[:stage[:version]]]`, where the id may itself be an ARN of seven parts.
    const parts = name.split(':');
    const own = name.startsWith('arn:') ? 7 : 1;
    const [key, stage, version] = parts.slice(own);
    const { SecretString = '' } = await new SecretsManagerClient(options).send(
      new GetSecretValueCommand({
        SecretId: parts.slice(0, own).join(':'),
        ...(stage ? { VersionStage: stage } : {}),
        ...(version ? { VersionId: version } : {}),
      }),
    );
    if (!key) return SecretString;
    const found = z.record(z.string(), z.json()).parse(JSON.parse(SecretString))[key] ?? '';
    return typeof found === 'string' ? found : JSON.stringify(found);
  };
}

import * as crypto from 'node:crypto';
import * as path from 'node:path';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { buildSync } from 'esbuild';
import { clientOptions, type LocalCloud } from '../cloud';
import { zipOne } from './zip';

const NAME = 'local-bridge';
const TIMEOUT_SECONDS = 60;
const MEMORY_MIB = 512;

/** The bridge's function, of which the localised templates know only the ARN. */
export function bridgeArn({ region, account }: LocalCloud): string {
  return `arn:aws:lambda:${region}:${account}:function:${NAME}`;
}

/**
 * Puts the bridge into the emulator, or its new code when that changed. It alone is administrator there: it
 * does what CloudFormation itself would do on AWS.
 *
 * @returns a hash of its code
 */
export async function ensureBridge(cloud: LocalCloud): Promise<string> {
  const code = bundle();
  const hash = crypto.createHash('sha256').update(code).digest('base64');
  const lambda = new LambdaClient(clientOptions(cloud));
  const present = await lambda
    .send(new GetFunctionConfigurationCommand({ FunctionName: NAME }))
    .catch(ignore('ResourceNotFoundException'));
  if (!present) {
    const Role = await ensureRole(cloud);
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: NAME,
        Role,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: code },
        Timeout: TIMEOUT_SECONDS,
        MemorySize: MEMORY_MIB,
      }),
    );
  } else if (present.CodeSha256 !== hash)
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: NAME, ZipFile: code }));
  return hash;
}

async function ensureRole(cloud: LocalCloud): Promise<string> {
  const iam = new IAMClient(clientOptions(cloud));
  await iam
    .send(
      new CreateRoleCommand({
        RoleName: NAME,
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        }),
      }),
    )
    .catch(ignore('EntityAlreadyExistsException'));
  await iam.send(
    new AttachRolePolicyCommand({
      RoleName: NAME,
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    }),
  );
  return `arn:aws:iam::${cloud.account}:role/${NAME}`;
}

let bundled: Buffer | undefined;

/** The bridge's code, the same for every account. */
function bundle(): Buffer {
  return (bundled ??= build());
}

function build(): Buffer {
  const { outputFiles } = buildSync({
    entryPoints: [path.resolve(__dirname, '../bridge/handler.ts')],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    write: false,
  });
  const [file] = outputFiles;
  if (!file) throw new Error('The bridge could not be bundled.');
  return zipOne('index.js', Buffer.from(file.contents));
}

/** Lets one named error pass as "nothing there". */
function ignore(name: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && (error.name === name || error.name === name.replace(/Exception$/, '')))
      return undefined;
    throw error;
  };
}

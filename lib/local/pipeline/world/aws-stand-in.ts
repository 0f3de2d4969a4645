import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';

// Stands for the AWS CLI, which the images of CodeBuild have, on a machine without it: the one call that signs a
// container engine in, under the build's own role. Whatever else is asked is refused.

async function main(args: readonly string[]): Promise<void> {
  const [service, verb, option, region] = args;
  if (service !== 'ecr' || verb !== 'get-login-password' || (option ?? '--region') !== '--region')
    throw new Error(`There is no AWS CLI here, and "aws ${args.join(' ')}" is not stood in for.`);
  const client = new ECRClient(region === undefined ? {} : { region });
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  const token = authorizationData?.[0]?.authorizationToken ?? '';
  process.stdout.write(`${Buffer.from(token, 'base64').toString('utf8').split(':').slice(1).join(':')}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { NeverDeployed, Refused } from '../errors';
import { RELEASE_OUTPUTS } from '../outputs';
import type { Patience } from './persist';
import { describeStack } from './stack';

const text = z.string().min(1);

const outputs = z.object({
  application: text,
  group: text,
  cluster: text,
  service: text,
  taskDefinition: text,
  container: text,
  port: z.coerce.number().int().min(1).max(65535),
  testTrafficHook: text,
  trafficHook: text,
  /** Absent where the stack was deployed before there was one. */
  publicTrafficHook: text.optional(),
  url: z.url(),
  /** Absent where the stack was deployed before there was one. */
  signIn: text.optional(),
  table: text,
  bus: text,
  version: text,
});

/** What the app stack of an environment says of its releases. */
export type Deployed = z.output<typeof outputs>;

/**
 * Reads the outputs of the app stack.
 * @throws NeverDeployed when there is no such stack, or only its change set
 * @throws Refused when it was deployed before it had them
 */
export async function readDeployed(
  client: CloudFormationClient,
  stack: string,
  patience: Patience,
): Promise<Deployed> {
  const found = await outputsOf(client, stack, patience);
  const parsed = outputs.safeParse(
    Object.fromEntries(Object.entries(RELEASE_OUTPUTS).map(([field, output]) => [field, found[output]])),
  );
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => {
    const name = RELEASE_OUTPUTS[path[0] as keyof typeof RELEASE_OUTPUTS];
    return found[name] === undefined ? `${name} is missing` : `${name} is "${found[name]}": ${message}`;
  });
  // A stack that is only prepared, or whose first deployment was undone, has none.
  const Problem = Object.keys(found).length === 0 ? NeverDeployed : Refused;
  throw new Problem(
    `The outputs of ${stack} are not those of this version: ${wrong.join('; ')}. Deploy it anew.`,
  );
}

async function outputsOf(
  client: CloudFormationClient,
  stack: string,
  patience: Patience,
): Promise<Readonly<Record<string, string>>> {
  const found = await describeStack(client, stack, patience);
  if (found === undefined)
    throw new NeverDeployed(
      `There is no stack ${stack} in this account and region: deploy it first, or sign in to its account.`,
    );
  return Object.fromEntries(
    (found.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']),
  );
}

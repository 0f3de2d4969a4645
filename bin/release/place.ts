import { execFileSync } from 'node:child_process';
import * as os from 'node:os';
import * as path from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { environmentNamed, loadConfiguration } from '../../lib/config/load';
import { isPlaceholderAccount } from '../../lib/config/placeholder';
import { Refused } from '../../lib/release/errors';

/** Root of the repository. */
const ROOT = path.resolve(__dirname, '../..');

/** An environment by its name, as the stacks call themselves. */
export interface Place {
  /** Its name. */
  readonly environment: string;
  /** Its account. */
  readonly account: string;
  /** Its region. */
  readonly region: string;
  /** Name of its app stack. */
  readonly appStack: string;
  /** Name of its data stack. */
  readonly dataStack: string;
}

/**
 * Looks an environment up.
 * @throws Refused when there is none of the name
 */
export function placeOf(name: string): Place {
  const { environments } = loadConfiguration();
  const environment = environmentNamed(environments, name);
  if (!environment)
    throw new Refused(
      `There is no environment "${name}"; there are ${Object.keys(environments).join(', ')}.`,
    );
  const { account, region } = environment;
  const stage = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return { environment: name, account, region, appStack: `${stage}-App`, dataStack: `${stage}-Data` };
}

/**
 * Who asks, by AWS's own word; with it, that the sign-in is to the environment's account.
 * @throws Refused when it is to another one, or the account is a placeholder
 */
export async function callerOf({ account, region, environment }: Place): Promise<string> {
  if (isPlaceholderAccount(account))
    throw new Refused(
      `Account ${account} is a placeholder: write your own into lib/config/environments/${environment}.ts.`,
    );
  const caller = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  if (caller.Account !== account)
    throw new Refused(
      `You are signed in to account ${caller.Account ?? 'unknown'}, and ${environment} is in ${account}.`,
    );
  return caller.Arn ?? os.userInfo().username;
}

/** When a commit was made; nothing where this clone does not know it. */
export function committedAt(commit: string): string | undefined {
  try {
    const text = execFileSync('git', ['show', '--no-patch', '--format=%cI', commit], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return Number.isNaN(Date.parse(text)) ? undefined : text;
  } catch {
    return undefined;
  }
}

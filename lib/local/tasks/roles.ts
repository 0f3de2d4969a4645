import {
  GetRoleCommand,
  type IAMClient,
  SimulatePrincipalPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import type { Keys, LocalCloud } from '../cloud';
import { TaskStartError } from './model';

/** Keys that end. */
export interface SessionKeys extends Keys {
  /** Token of the session. */
  readonly sessionToken: string;
  /** When they end. */
  readonly expiration: Date;
}

/** Statement by which the runner itself is let in; beside the role's own, which it judges. */
const DOOR = 'LocalTaskRunner';

const oneOrMany = z.union([z.string().transform((value) => [value]), z.array(z.string())]);
const trustSchema = z.looseObject({
  Statement: z.array(
    z.looseObject({
      Sid: z.string().optional(),
      Effect: z.string(),
      Action: oneOrMany,
      Principal: z.union([z.string(), z.looseObject({ Service: oneOrMany.optional() })]),
      Condition: z.record(z.string(), z.record(z.string(), oneOrMany)).default({}),
    }),
  ),
});

function glob(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
}

/**
 * Whether a trust policy lets ECS assume the role for a task. The emulator's STS knows no `aws:SourceAccount`
 * and no `aws:SourceArn`, so the runner, which plays ECS, judges them itself.
 *
 * @param document - the trust policy, as JSON
 * @param source - `aws:SourceArn` as ECS sends it, an ARN of the account
 */
export function trustsTasks(document: string, account: string, source: string): boolean {
  return trusts(document, 'ecs-tasks.amazonaws.com', {
    'aws:sourceaccount': account,
    'aws:sourcearn': source,
  });
}

/**
 * Whether a trust policy lets a service assume the role.
 *
 * @param service - principal, such as `codebuild.amazonaws.com`
 * @param context - condition keys that the service sends, in lower case
 */
export function trusts(
  document: string,
  service: string,
  context: Readonly<Record<string, string>>,
): boolean {
  const holds = (operator: string, key: string, wanted: readonly string[]): boolean => {
    const actual = context[key.toLowerCase()];
    if (actual === undefined) return false;
    if (operator === 'StringEquals' || operator === 'ArnEquals')
      return wanted.some((value) => value === actual);
    if (operator === 'StringLike' || operator === 'ArnLike')
      return wanted.some((value) => glob(value).test(actual));
    return false;
  };
  return trustSchema
    .parse(JSON.parse(document))
    .Statement.some(
      ({ Effect, Action, Principal, Condition }) =>
        Effect === 'Allow' &&
        Action.includes('sts:AssumeRole') &&
        typeof Principal !== 'string' &&
        (Principal.Service ?? []).includes(service) &&
        Object.entries(Condition).every(([operator, keys]) =>
          Object.entries(keys).every(([key, wanted]) => holds(operator, key, wanted)),
        ),
    );
}

/** Assumes roles for tasks, as ECS would. */
export class Roles {
  constructor(
    private readonly cloud: LocalCloud,
    private readonly iam: IAMClient,
    private readonly sts: STSClient,
  ) {}

  /**
   * Keys of a role for one task.
   *
   * @throws TaskStartError when the role is not there or does not trust ECS
   */
  async assume(roleArn: string, session: string): Promise<SessionKeys> {
    await this.admit(roleArn);
    const { Credentials } = await this.sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: session, DurationSeconds: 3600 }),
    );
    if (Credentials === undefined)
      throw new TaskStartError(`ResourceInitializationError: no keys for ${roleArn}`);
    return {
      accessKeyId: Credentials.AccessKeyId ?? '',
      secretAccessKey: Credentials.SecretAccessKey ?? '',
      sessionToken: Credentials.SessionToken ?? '',
      expiration: Credentials.Expiration ?? new Date(Date.now() + 3_600_000),
    };
  }

  /** Whether the role's policies allow all of these on this resource. */
  async may(roleArn: string, actions: readonly string[], resource: string): Promise<boolean> {
    const { EvaluationResults = [] } = await this.iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: roleArn,
        ActionNames: [...actions],
        ResourceArns: [resource],
      }),
    );
    return (
      EvaluationResults.length === actions.length &&
      EvaluationResults.every(({ EvalDecision }) => EvalDecision === 'allowed')
    );
  }

  /** Judges the role's own trust, then makes sure that the emulator lets the runner in. */
  private async admit(roleArn: string): Promise<void> {
    const RoleName = roleArn.split('/').at(-1) ?? '';
    const found = await this.iam.send(new GetRoleCommand({ RoleName })).catch(() => undefined);
    const encoded = found?.Role?.AssumeRolePolicyDocument;
    const document = encoded === undefined || encoded.startsWith('{') ? encoded : decodeURIComponent(encoded);
    const source = `arn:aws:ecs:${this.cloud.region}:${this.cloud.account}:*`;
    if (document === undefined || !trustsTasks(document, this.cloud.account, source))
      throw new TaskStartError(`ResourceInitializationError: ECS was unable to assume the role ${roleArn}`);
    const trust = trustSchema.parse(JSON.parse(document));
    if (trust.Statement.some(({ Sid }) => Sid === DOOR)) return;
    const door = {
      Sid: DOOR,
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: `arn:aws:iam::${this.cloud.account}:root` },
    };
    const policy = { ...trust, Statement: [...trust.Statement, door] };
    await this.iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: JSON.stringify(policy) }),
    );
  }
}

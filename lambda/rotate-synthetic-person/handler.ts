import { setTimeout as sleep } from 'node:timers/promises';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { Pool } from '../../lib/identity/model';
import { signIn } from '../../lib/identity/sign-in';
import { parseEnvironment } from '../shared/environment';
import { logger, traced, tracer } from '../shared/telemetry';
import { rotateSyntheticPersonSchema } from './env';
import { makePerson, removePerson } from './person';
import { RotatingSecret } from './secret';

const { USER_POOL_ID, CLIENT_ID, SECRET_ARN } = parseEnvironment(rotateSyntheticPersonSchema);
const secret = new RotatingSecret(tracer.captureAWSv3Client(new SecretsManagerClient()), SECRET_ARN);
const pool: Pool = {
  cognito: tracer.captureAWSv3Client(new CognitoIdentityProviderClient()),
  userPoolId: USER_POOL_ID,
  clientId: CLIENT_ID,
  clock: { date: () => new Date(), sleep: (milliseconds) => sleep(milliseconds) },
};

/** What Secrets Manager sends, four times. Source: Secrets Manager user guide, "Lambda rotation functions". */
const rotationEvent = z.object({
  Step: z.enum(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
  SecretId: z.literal(SECRET_ARN),
  /** Id of the version that is made. */
  ClientRequestToken: z.uuid(),
});

/** Thrown when a step comes before the one that it builds on. */
class RotationError extends Error {
  override readonly name = 'RotationError';
}

/**
 * Rotates the synthetic person as a whole: each version of the secret is about a person of its own, so that the one
 * before goes on being able to sign in while a release is under way, until the next rotation. The first rotation, which
 * Secrets Manager begins when the stack is made, makes the first person. Every step may be repeated.
 */
export const handler = traced(async (input: unknown): Promise<void> => {
  const { Step: step, ClientRequestToken: version } = rotationEvent.parse(input);
  await STEPS[step](version);
  logger.info('rotation step done', { step });
});

const STEPS: Readonly<Record<z.output<typeof rotationEvent>['Step'], (version: string) => Promise<void>>> = {
  async createSecret(version) {
    // A version of a secret is written once, and the authenticator's secret comes from Cognito: the person is made first.
    if (!(await secret.read('AWSPENDING', version)))
      await secret.propose(version, await makePerson(pool, version));
  },

  setSecret: () => Promise.resolve(),

  async testSecret(version) {
    const credentials = await secret.read('AWSPENDING', version);
    if (!credentials)
      throw new RotationError('There is no pending version to try: createSecret did not end.');
    // The enrolment used the code of this half minute.
    await signIn(pool, credentials, 1);
  },

  async finishSecret(version) {
    const current = await secret.current();
    if (current === version) return;
    // Nobody reads the version before the current one any more; its person goes before its label does.
    const retired = await secret.read('AWSPREVIOUS');
    const serving = await secret.read('AWSCURRENT');
    if (retired && retired.username !== serving?.username) await removePerson(pool, retired.username);
    await secret.promote(version, current);
  },
};

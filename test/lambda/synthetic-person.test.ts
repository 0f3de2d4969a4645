import {
  CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import './variables';
import type { LambdaHandler } from '../../lambda/shared/telemetry';
import { outputOf, quietly } from './captured-output';

const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:synthetic';
Object.assign(process.env, { USER_POOL_ID: 'us-east-1_Example01', CLIENT_ID: 'client', SECRET_ARN });

const FIRST = '00000000-0000-4000-8000-000000000001';
const SECOND = '00000000-0000-4000-8000-000000000002';
const THIRD = '00000000-0000-4000-8000-000000000003';
const TOTP = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

interface Input {
  readonly [name: string]: unknown;
  readonly Username?: string;
  readonly VersionId?: string;
  readonly VersionStage?: string;
}

/** Who is in the pool, with password, groups and whether an authenticator is enrolled. */
let people: Map<string, { password?: unknown; groups: unknown[]; attributes: unknown; enrolled: boolean }>;
let versions: Map<string, string>;
let stages: Map<string, string>;
let failOn: string | undefined;

const absent = <E extends Error>(Type: new (options: { message: string; $metadata: object }) => E): E =>
  new Type({ message: 'absent', $metadata: {} });

const cognito = (name: string, input: Input): object => {
  const username = input.Username ?? (input['AuthParameters'] as { USERNAME?: string } | undefined)?.USERNAME;
  const person = people.get(username ?? '');
  if (name === failOn) throw new Error(`${name} fails`);
  switch (name) {
    case 'AdminDeleteUserCommand':
      if (!people.delete(username ?? '')) throw absent(UserNotFoundException);
      return {};
    case 'AdminCreateUserCommand':
      people.set(username ?? '', { groups: [], attributes: input['UserAttributes'], enrolled: false });
      return {};
    case 'AdminSetUserPasswordCommand':
      if (person) person.password = input['Password'];
      return {};
    case 'AdminAddUserToGroupCommand':
      person?.groups.push(input['GroupName']);
      return {};
    case 'AdminInitiateAuthCommand': {
      const { PASSWORD } = input['AuthParameters'] as { PASSWORD: string };
      if (!person || person.password !== PASSWORD) throw new Error('NotAuthorized');
      return { ChallengeName: person.enrolled ? 'SOFTWARE_TOKEN_MFA' : 'MFA_SETUP', Session: username };
    }
    case 'AssociateSoftwareTokenCommand':
      return { SecretCode: TOTP, Session: input['Session'] };
    case 'VerifySoftwareTokenCommand': {
      const enrolling = people.get(String(input['Session']));
      if (enrolling) enrolling.enrolled = true;
      return { Status: 'SUCCESS', Session: input['Session'] };
    }
    case 'AdminRespondToAuthChallengeCommand':
      return { AuthenticationResult: { AccessToken: 'a.b.c', IdToken: 'i', RefreshToken: 'r' } };
    default:
      throw new Error(`unexpected ${name}`);
  }
};

const secretsManager = (name: string, input: Input): object => {
  expect(input['SecretId']).toBe(SECRET_ARN);
  const staged = stages.get(input.VersionStage ?? 'AWSCURRENT');
  switch (name) {
    case 'GetSecretValueCommand': {
      const text = versions.get(staged ?? '');
      if (text === undefined || (input.VersionId !== undefined && input.VersionId !== staged))
        throw absent(ResourceNotFoundException);
      return { SecretString: text };
    }
    case 'PutSecretValueCommand':
      versions.set(String(input['ClientRequestToken']), String(input['SecretString']));
      stages.set('AWSPENDING', String(input['ClientRequestToken']));
      return {};
    case 'DescribeSecretCommand':
      return {
        VersionIdsToStages: Object.fromEntries([...stages].map(([stage, version]) => [version, [stage]])),
      };
    case 'UpdateSecretVersionStageCommand':
      expect(input['RemoveFromVersionId']).toBe(stages.get('AWSCURRENT'));
      stages.set('AWSPREVIOUS', stages.get('AWSCURRENT') ?? '');
      stages.set('AWSCURRENT', String(input['MoveToVersionId']));
      stages.delete('AWSPENDING');
      return {};
    default:
      throw new Error(`unexpected ${name}`);
  }
};

const answering =
  (answer: (name: string, input: Input) => object) =>
  (command: { readonly constructor: { readonly name: string }; readonly input: Input }): Promise<object> =>
    Promise.resolve().then(() => answer(command.constructor.name, command.input));
// The SDK's `send` has overloads for callbacks that a mock cannot follow.
jest.spyOn(CognitoIdentityProviderClient.prototype, 'send').mockImplementation(answering(cognito) as never);
jest.spyOn(SecretsManagerClient.prototype, 'send').mockImplementation(answering(secretsManager) as never);

const { handler: rotate } = jest.requireActual<{ handler: LambdaHandler<unknown, void> }>(
  '../../lambda/rotate-synthetic-person/handler',
);
const { handler: signIn } = jest.requireActual<{
  handler: LambdaHandler<unknown, { readonly accessToken: string }>;
}>('../../lambda/sign-in-synthetic-person/handler');

const context = { functionName: 'f', awsRequestId: 'r' } as Context;
const step = (Step: string, ClientRequestToken: string, SecretId = SECRET_ARN): Promise<void> =>
  quietly(() => rotate({ Step, SecretId, ClientRequestToken }, context));
async function rotated(version: string): Promise<void> {
  for (const name of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) await step(name, version);
}
const addressOf = (version: string): string => `${version}@synthetic.invalid`;

beforeEach(() => {
  people = new Map();
  versions = new Map([['new', 'a password that nobody has']]);
  stages = new Map([['AWSCURRENT', 'new']]);
  failOn = undefined;
});

test('the first rotation makes a clinician of the synthetic practice, with a second factor', async () => {
  await rotated(FIRST);
  expect([...people.keys()]).toEqual([addressOf(FIRST)]);
  const person = people.get(addressOf(FIRST));
  expect(person).toMatchObject({ groups: ['DOCTOR'], enrolled: true });
  expect(person?.attributes).toEqual([
    { Name: 'email', Value: addressOf(FIRST) },
    { Name: 'custom:org_id', Value: 'synthetic-practice' },
  ]);
  expect(JSON.parse(versions.get(FIRST) ?? '')).toEqual({
    username: addressOf(FIRST),
    password: person?.password,
    totpSecret: TOTP,
  });
  expect(stages.get('AWSCURRENT')).toBe(FIRST);
});

test('the person before goes on until the rotation after the next', async () => {
  await rotated(FIRST);
  await rotated(SECOND);
  expect([...people.keys()]).toEqual([addressOf(FIRST), addressOf(SECOND)]);
  await rotated(THIRD);
  expect([...people.keys()]).toEqual([addressOf(SECOND), addressOf(THIRD)]);
});

test('a rotation that broke off leaves who serves, and is taken up where it stopped', async () => {
  await rotated(FIRST);
  failOn = 'VerifySoftwareTokenCommand';
  await expect(step('createSecret', SECOND)).rejects.toThrow('VerifySoftwareTokenCommand fails');
  expect(stages.get('AWSCURRENT')).toBe(FIRST);
  await expect(step('testSecret', SECOND)).rejects.toThrow('createSecret did not end');
  failOn = undefined;
  await rotated(SECOND);
  const password = people.get(addressOf(SECOND))?.password;
  // Every step again, as Secrets Manager may do it.
  await step('finishSecret', SECOND);
  expect(people.get(addressOf(SECOND))?.password).toBe(password);
  expect([...people.keys()]).toEqual([addressOf(FIRST), addressOf(SECOND)]);
});

test('no other secret is rotated', async () => {
  await expect(step('createSecret', FIRST, `${SECRET_ARN}-2`)).rejects.toThrow();
  expect(people.size).toBe(0);
});

test('nobody signs in before the first rotation, and the error says what to do without what the secret holds', async () => {
  const error: unknown = await signIn({}, context).catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error('Somebody signed in.');
  expect(error.name).toBe('NoSyntheticPersonError');
  expect(error.message).toContain(`rotate-secret --secret-id ${SECRET_ARN}`);
  expect(error.message).not.toContain('a password that nobody has');
});

test('signs in whom the rotation made, and hands out an access token and nothing else', async () => {
  await rotated(FIRST);
  let answer: unknown;
  const output = await outputOf(async () => (answer = await signIn({}, context)));
  expect(answer).toEqual({ accessToken: 'a.b.c' });
  expect(output).toContain('synthetic person signed in');
  for (const secret of ['a.b.c', TOTP, String(people.get(addressOf(FIRST))?.password)])
    expect(output).not.toContain(secret);
});

import type { Pool } from '../../lib/identity/model';
import { enrolAuthenticator, signIn } from '../../lib/identity/sign-in';
import { oneTimeCode } from '../../lib/identity/one-time-code';

const PERSON = { username: 'a@b.invalid', password: 'p', totpSecret: 'GEZDGNBVGY3TQOJQ' };
const TOKENS = { AccessToken: 'access', IdToken: 'id', RefreshToken: 'refresh' };

type Sent = { readonly name: string; readonly input: Record<string, unknown> };

let now: Date;
let sent: Sent[];

/** A pool that answers in turn; an answer that is an error is thrown. */
function pool(...answers: readonly (object | Error)[]): Pool {
  const left = [...answers];
  return {
    cognito: {
      send: (command: {
        readonly input: Record<string, unknown>;
        readonly constructor: { name: string };
      }) => {
        sent.push({ name: command.constructor.name, input: command.input });
        const answer = left.shift();
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? {});
      },
    } as Pool['cognito'],
    userPoolId: 'pool',
    clientId: 'client',
    clock: {
      date: () => now,
      sleep: (milliseconds) => {
        now = new Date(now.getTime() + milliseconds);
        return Promise.resolve();
      },
    },
  };
}

const CHALLENGE = { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 's' };
const used = (): Error => Object.assign(new Error('already used once'), { name: 'ExpiredCodeException' });
const codes = (): unknown[] =>
  sent.flatMap(({ input }) => {
    const responses = input['ChallengeResponses'] as Record<string, string> | undefined;
    return responses?.['SOFTWARE_TOKEN_MFA_CODE'] ?? [];
  });

beforeEach(() => {
  now = new Date('2026-01-01T00:00:10.000Z');
  sent = [];
});

test('gives the password and the code of the moment', async () => {
  const tokens = await signIn(pool(CHALLENGE, { AuthenticationResult: TOKENS }), PERSON);
  expect(tokens).toEqual({ accessToken: 'access', idToken: 'id', refreshToken: 'refresh' });
  expect(codes()).toEqual([oneTimeCode(PERSON.totpSecret, now)]);
});

test('a code that was used already is waited out, as often as the caller allows', async () => {
  const first = oneTimeCode(PERSON.totpSecret, now);
  const answers = [CHALLENGE, used(), CHALLENGE, { AuthenticationResult: TOKENS }];
  await expect(signIn(pool(...answers), PERSON, 1)).resolves.toMatchObject({ accessToken: 'access' });
  expect(now.toISOString()).toBe('2026-01-01T00:00:30.000Z');
  expect(codes()).toEqual([first, oneTimeCode(PERSON.totpSecret, now)]);
  await expect(signIn(pool(...answers), PERSON)).rejects.toThrow('already used once');
});

test('a wrong password or code is not tried again', async () => {
  const wrong = Object.assign(new Error('wrong'), { name: 'NotAuthorizedException' });
  await expect(signIn(pool(wrong), PERSON, 2)).rejects.toThrow('wrong');
  await expect(signIn(pool(CHALLENGE, wrong), PERSON, 2)).rejects.toThrow('wrong');
  expect(sent).toHaveLength(3);
});

test('a pool that asks for no second factor is refused', async () => {
  await expect(signIn(pool({ AuthenticationResult: TOKENS }), PERSON)).rejects.toThrow(
    'did not ask for a one-time code but for nothing',
  );
});

test('enrols an authenticator within the sign-in that asks for one, and ends that sign-in', async () => {
  const secret = await enrolAuthenticator(
    pool(
      { ChallengeName: 'MFA_SETUP', Session: 'one' },
      { SecretCode: PERSON.totpSecret, Session: 'two' },
      { Status: 'SUCCESS', Session: 'three' },
    ),
    PERSON.username,
    PERSON.password,
  );
  expect(secret).toBe(PERSON.totpSecret);
  expect(sent.map(({ name, input }) => [name, input['Session']])).toEqual([
    ['AdminInitiateAuthCommand', undefined],
    ['AssociateSoftwareTokenCommand', 'one'],
    ['VerifySoftwareTokenCommand', 'two'],
    ['AdminRespondToAuthChallengeCommand', 'three'],
  ]);
  expect(sent[2]?.input['UserCode']).toBe(oneTimeCode(PERSON.totpSecret, now));
});

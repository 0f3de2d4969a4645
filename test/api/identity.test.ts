import * as fs from 'node:fs';
import * as https from 'node:https';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { readEnvironment } from '../../app/src/env';
import { verifyIdentities, type Identities } from '../../app/src/identity';
import { ROLES } from '../../lambda/shared/roles';
import { ensureAuthority } from '../../lib/local/authority';
import { accessClaims, CLIENT, ISSUER, KeyServer, POOL, SigningKey } from './support/user-pool';

const key = new SigningKey('known');
const otherKey = new SigningKey('other');
let dir: string;
let keys: KeyServer;
let identities: Identities;

const withKeysAt = (endpoint: string): Identities =>
  verifyIdentities({
    USER_POOL_ID: POOL,
    USER_POOL_CLIENT_IDS: [CLIENT, 'client2'],
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: endpoint,
    AWS_ENDPOINT_URL: 'https://127.0.0.1:1',
  });
const identify = (token: string) => identities.identify(`Bearer ${token}`);

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'identity-'));
  const authority = await ensureAuthority(dir);
  keys = await KeyServer.start(authority, [key]);
  https.globalAgent.options.ca = fs.readFileSync(authority.caFile);
  identities = withKeysAt(keys.url);
});

afterAll(async () => {
  delete https.globalAgent.options.ca;
  await keys.stop();
  fs.rmSync(dir, { recursive: true });
});

test('a good access token tells who the person is', async () => {
  await expect(identify(key.sign(accessClaims({ client_id: 'client2' })))).resolves.toEqual({
    subject: '7c6f0a52-0000-4000-8000-000000000001',
    role: 'DOCTOR',
    organisation: 'demo-clinic',
  });
});

test.each(ROLES)('the role %s, which the pool gives, is accepted', async (role) => {
  await expect(identify(key.sign(accessClaims({ role })))).resolves.toMatchObject({ role });
});

const now = Math.floor(Date.now() / 1000);
const altered = (() => {
  const [header, , signature] = key.sign(accessClaims()).split('.');
  const payload = Buffer.from(JSON.stringify(accessClaims({ role: 'SUPER_ADMIN' }))).toString('base64url');
  return [header, payload, signature].join('.');
})();

test.each([
  ['altered after it was signed', altered],
  ['expired', key.sign(accessClaims({ exp: now - 1 }))],
  ['not valid yet', key.sign(accessClaims({ nbf: now + 600 }))],
  ['of another pool', key.sign(accessClaims({ iss: `${ISSUER}x` }))],
  ['of the address that serves the keys', key.sign(accessClaims({ iss: `https://127.0.0.1/${POOL}` }))],
  ['of another app client', key.sign(accessClaims({ client_id: 'stranger' }))],
  ['an identity token', key.sign(accessClaims({ token_use: 'id', aud: CLIENT, client_id: undefined }))],
  ['without a lifetime', key.sign(accessClaims({ exp: undefined }))],
  ['signed by another key under a known id', otherKey.sign(accessClaims(), { kid: 'known' })],
  ['signed by an unknown key', otherKey.sign(accessClaims())],
  ['not signed', `${key.sign(accessClaims(), { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
  ['said to be unsigned', key.sign(accessClaims(), { alg: 'none' })],
  ['said to be signed by a shared secret', key.sign(accessClaims(), { alg: 'HS256' })],
])('a token %s is refused with 401', async (_what, token) => {
  await expect(identify(token)).rejects.toMatchObject({ status: 401, title: 'Unauthorized' });
});

test.each([
  ['no role', { role: undefined }],
  ['an empty role', { role: '' }],
  ['a role that is a list', { role: ['DOCTOR'] }],
  ['no organisation', { org_id: undefined }],
  ['an organisation that is no id', { org_id: "x' OR 1=1" }],
])('a sound token with %s is refused with 403', async (_what, changes) => {
  await expect(identify(key.sign(accessClaims(changes)))).rejects.toMatchObject({ status: 403 });
});

test('whatever else the header holds is refused with 401', async () => {
  await expect(identities.identify(undefined)).rejects.toMatchObject({ status: 401 });
  await expect(identities.identify(`Basic ${key.sign(accessClaims())}`)).rejects.toMatchObject({
    status: 401,
  });
  const base64 = fc.string().map((text) => Buffer.from(text).toString('base64url'));
  const shaped = fc.tuple(base64, base64, base64).map((parts) => `Bearer ${parts.join('.')}`);
  const json = fc.tuple(fc.json(), fc.json()).map(([header, payload]) => {
    const parts = [header, payload, 'x'].map((part) => Buffer.from(part).toString('base64url'));
    return `Bearer ${parts.join('.')}`;
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), shaped, json), async (header) => {
      await expect(identities.identify(header)).rejects.toMatchObject({ status: 401 });
    }),
    { numRuns: 300 },
  );
});

test('any single changed character of a token makes it worthless', async () => {
  const token = key.sign(accessClaims());
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  // The last character of a part holds bits that base64url decoding drops.
  const places = Array.from(token).flatMap((character, at) =>
    character === '.' || token[at + 1] === '.' || at === token.length - 1 ? [] : [at],
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...places),
      fc.constantFrom(...Array.from(alphabet)),
      async (at, character) => {
        fc.pre(token[at] !== character);
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        await expect(identify(changed)).rejects.toMatchObject({ status: 401 });
      },
    ),
    { numRuns: 200 },
  );
});

test('strange keys do not flood the endpoint, and known ones still work', async () => {
  const before = keys.asked.length;
  for (let turn = 0; turn < 20; turn += 1)
    await expect(identify(otherKey.sign(accessClaims()))).rejects.toMatchObject({ status: 401 });
  expect(keys.asked.length - before).toBeLessThanOrEqual(1);
  await expect(identify(key.sign(accessClaims()))).resolves.toBeDefined();
});

test('keys that cannot be read are our fault, not the person’s', async () => {
  keys.status = 500;
  try {
    await expect(withKeysAt(keys.url).identify(`Bearer ${key.sign(accessClaims())}`)).rejects.toMatchObject({
      status: 503,
    });
  } finally {
    keys.status = 200;
  }
});

test('an endpoint whose certificate nobody trusts is not believed', async () => {
  const other = await KeyServer.start(await ensureAuthority(path.join(dir, 'other')), [otherKey]);
  try {
    const foreign = withKeysAt(other.url).identify(`Bearer ${otherKey.sign(accessClaims())}`);
    await expect(foreign).rejects.toMatchObject({ status: 503 });
    expect(other.asked).toEqual([]);
  } finally {
    await other.stop();
  }
});

test('an endpoint without TLS is refused at the start', () => {
  const complete = {
    AWS_REGION: 'us-east-1',
    USER_POOL_ID: POOL,
    USER_POOL_CLIENT_IDS: CLIENT,
    DATABASE_HOST: 'database',
    DATABASE_NAME: 'telehealth',
    DATABASE_USER: 'api',
  };
  expect(readEnvironment({ ...complete, AWS_ENDPOINT_URL: 'https://127.0.0.1:4566' })).toBeDefined();
  expect(() => readEnvironment({ ...complete, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).toThrow(
    /AWS_ENDPOINT_URL: an https:/,
  );
});

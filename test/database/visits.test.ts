import * as crypto from 'node:crypto';
import * as path from 'node:path';
import type { Client } from 'pg';
import { buildApi } from '../../app/build';
import { anyFreePort } from '../../lib/local/ports';
import { accessClaims, CLIENT, KeyServer, POOL, SigningKey } from '../api/support/user-pool';
import { ApiProcess, type Answer } from './support/api-process';
import type { TestDatabase, TestDatabases } from './support/databases';
import { done, migratorOf, readShipped, startMigrated } from './support/schema';
import { ACCESS } from './support/server';

jest.setTimeout(60_000);

const key = new SigningKey('known');
let databases: TestDatabases;
let database: TestDatabase;
let migrator: Client;
let keys: KeyServer;
let api: ApiProcess;
let main: string;
let org: string;
let patient: string;
const doctor = crypto.randomUUID();

beforeAll(async () => {
  databases = await startMigrated();
  const { server } = databases;
  keys = await KeyServer.start(server.authority, [key]);
  buildApi(path.join(server.root, 'api'));
  main = path.join(server.root, 'api', 'main.js');
  database = await databases.fresh();
  migrator = await database.migrator();
  api = await start(database);
  org = await one("SELECT app.provision_organisation('demo-clinic', 'Demo clinic')");
  patient = await newPatient(org);
  await api.get('/v1/visits', as(doctor)); // makes the doctor known
});

afterAll(async () => {
  await api.kill();
  await keys.stop();
  await databases.remove();
});

function start({ name }: TestDatabase): Promise<ApiProcess> {
  return anyFreePort().then((port) =>
    ApiProcess.start(main, port, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-real-key',
      AWS_ENDPOINT_URL: keys.url,
      NODE_EXTRA_CA_CERTS: databases.server.caFile,
      USER_POOL_ID: POOL,
      USER_POOL_CLIENT_IDS: CLIENT,
      DATABASE_HOST: '127.0.0.1',
      DATABASE_PORT: String(databases.server.port),
      DATABASE_NAME: name,
      DATABASE_USER: ACCESS.apiUser,
      DRAIN_NOTICE_SECONDS: '0',
    }),
  );
}

async function one(sql: string, values: readonly unknown[] = []): Promise<string> {
  const { rows } = await migrator.query<string[]>({ text: sql, values: [...values], rowMode: 'array' });
  return rows[0]![0]!;
}

const newPatient = (organisation: string) =>
  one(
    `INSERT INTO patients (organisation_id, given_name, family_name, date_of_birth, state)
     VALUES ($1, 'Xanthippe', 'Quill', '1980-01-01', 'NY') RETURNING id`,
    [organisation],
  );

const as = (sub: string, claims: object = {}) => ({
  authorization: `Bearer ${key.sign(accessClaims({ sub, ...claims }))}`,
});

const wanted = (changes: object = {}) => ({
  patientId: patient,
  clinicianId: doctor,
  scheduledAt: '2031-05-01T09:00:00.000Z',
  ...changes,
});

const audited = async (action: string) =>
  (
    await migrator.query<{ subject_id: string; request_id: string; actor_id: string }>(
      'SELECT subject_id, request_id, actor_id FROM audit_events WHERE action = $1 ORDER BY recorded_at DESC',
      [action],
    )
  ).rows;

const visitsOf = (answer: Answer) => answer.body['visits'] as Record<string, unknown>[];

describe('an appointment', () => {
  test('is made, told, listed, and leaves audit rows that name the requests', async () => {
    const asked = wanted({ durationMinutes: 45, modality: 'AUDIO', reasonCode: 'R51' });
    const made = await api.post('/v1/visits', as(doctor), asked);
    const visit = {
      id: expect.any(String) as string,
      patientId: patient,
      clinicianId: doctor,
      consultId: null,
      scheduledAt: '2031-05-01T09:00:00.000Z',
      endsAt: '2031-05-01T09:45:00.000Z',
      durationMinutes: 45,
      modality: 'AUDIO',
      status: 'SCHEDULED',
      reasonCode: 'R51',
      startedAt: null,
      endedAt: null,
    };
    expect([made.status, made.body]).toEqual([201, visit]);
    const id = String(made.body['id']);
    expect(made.headers.location).toBe(`/v1/visits/${id}`);
    const read = await api.get(`/v1/visits/${id}`, as(doctor));
    expect([read.status, read.body]).toEqual([200, made.body]);
    expect(visitsOf(await api.get('/v1/visits?from=2031-05-01T00:00:00Z', as(doctor)))).toEqual([made.body]);
    expect((await audited('visit.created'))[0]).toEqual({
      subject_id: id,
      request_id: made.headers['x-request-id'],
      actor_id: doctor,
    });
    expect((await audited('visit.read'))[0]).toMatchObject({ subject_id: id });
    expect((await audited('visit.listed'))[0]).toMatchObject({ subject_id: null, actor_id: doctor });
    expect(api.logs).not.toMatch(/Xanthippe|R51|2031-05-01/);
  });

  test('is given to one of 8 who ask for the same minutes at once', async () => {
    const asked = Array.from({ length: 8 }, (_unused, n) =>
      api.post(
        '/v1/visits',
        as(doctor),
        wanted({ scheduledAt: `2032-01-01T10:0${n}:00Z`, durationMinutes: 15 }),
      ),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    // One that ends as the next begins is in nobody’s way.
    const after = await one(
      "SELECT ends_at::text FROM visits WHERE scheduled_at >= '2032-01-01' ORDER BY 1 DESC",
    );
    const next = await api.post(
      '/v1/visits',
      as(doctor),
      wanted({ scheduledAt: new Date(after).toISOString() }),
    );
    expect(next.status).toBe(201);
  });

  test.each([
    ['a doctor for another', 403, () => ({ clinicianId: colleague }), {}],
    ['an auditor', 403, () => ({}), { role: 'AUDITOR' }],
    ['for an unknown patient', 422, () => ({ patientId: crypto.randomUUID() }), {}],
    ['for another organisation’s patient', 422, () => ({ patientId: stranger }), {}],
    ['without a moment', 400, () => ({ scheduledAt: undefined }), {}],
    ['for ten minutes', 400, () => ({ durationMinutes: 10 }), {}],
    ['with the patient’s name', 400, () => ({ name: 'Xanthippe' }), {}],
    ['for a moment without a zone', 400, () => ({ scheduledAt: '2031-05-01T09:00:00' }), {}],
  ])('is refused to %s, and nothing is written', async (_what, status, changes, claims) => {
    const counts = () =>
      one('SELECT ((SELECT count(*) FROM visits), (SELECT count(*) FROM audit_events))::text');
    const before = await counts();
    const at = { scheduledAt: '2033-01-01T10:00:00Z' };
    const person = 'role' in claims ? auditor : doctor;
    const answer = await api.post('/v1/visits', as(person, claims), wanted({ ...at, ...changes() }));
    expect(answer).toMatchObject({ status, body: { status, requestId: answer.headers['x-request-id'] } });
    expect(answer.headers['content-type']).toMatch(/problem\+json/);
    expect(JSON.stringify(answer.body)).not.toMatch(/Xanthippe|violates|constraint|policy/);
    expect(await counts()).toBe(before);
  });

  let colleague: string;
  let auditor: string;
  let stranger: string;
  beforeAll(async () => {
    [colleague, auditor] = [crypto.randomUUID(), crypto.randomUUID()];
    await api.get('/v1/visits', as(colleague));
    await api.get('/v1/visits', as(auditor, { role: 'AUDITOR' }));
    stranger = await newPatient(await one("SELECT app.provision_organisation('other-clinic', 'Other')"));
  });

  test('of somebody else is not there: for a colleague, for another organisation', async () => {
    const { body } = await api.post(
      '/v1/visits',
      as(doctor),
      wanted({ scheduledAt: '2034-01-01T10:00:00Z' }),
    );
    const url = `/v1/visits/${String(body['id'])}`;
    expect((await api.get(url, as(colleague))).status).toBe(404);
    expect(
      (await api.get(url, as(crypto.randomUUID(), { org_id: 'other-clinic', role: 'ADMIN' }))).status,
    ).toBe(404);
    expect((await api.get(url, as(crypto.randomUUID(), { role: 'ADMIN' }))).status).toBe(200);
    expect((await api.get('/v1/visits/not-an-id', as(doctor))).status).toBe(400);
    expect(visitsOf(await api.get('/v1/visits', as(colleague)))).toEqual([]);
  });
});

test('a list goes on where it ended, each visit once, also where several begin at the same moment', async () => {
  const support = as(crypto.randomUUID(), { role: 'SUPPORT' });
  await api.get('/v1/visits', support);
  for (let n = 0; n < 7; n += 1)
    await migrator.query(
      `INSERT INTO visits (organisation_id, patient_id, clinician_id, scheduled_at, created_by)
       VALUES ($1, $2, $3, timestamptz '2040-01-01 10:00Z' + make_interval(hours => $4), $3)`,
      [org, patient, doctor, Math.floor(n / 3)],
    );
  const seen: unknown[] = [];
  let query = 'from=2040-01-01T00:00:00Z';
  for (let page = 0; page < 10 && query !== ''; page += 1) {
    const { body } = await api.get(`/v1/visits?limit=2&${query}`, support);
    seen.push(...(body['visits'] as { id: string }[]).map(({ id }) => id));
    query = typeof body['next'] === 'string' ? `next=${body['next']}` : '';
  }
  const { rows } = await migrator.query<{ id: string }>(
    "SELECT id FROM visits WHERE scheduled_at >= '2040-01-01' ORDER BY scheduled_at, id",
  );
  expect(seen).toEqual(rows.map(({ id }) => id));
  for (const bad of ['limit=0', 'limit=101', 'limit=x', 'next=x', 'from=x', 'who=me'])
    expect([bad, (await api.get(`/v1/visits?${bad}`, support)).status]).toEqual([bad, 400]);
});

test.each([
  ['of an organisation that is not set up', { org_id: 'nowhere' }],
  ['with a role that the schema does not know', { role: 'WIZARD' }],
  ['of two organisations', { org_id: 'other-clinic' }],
])('a person %s is told whom to ask', async (_what, claims) => {
  await one("SELECT app.provision_organisation('other-clinic', 'Other')");
  const answer = await api.get('/v1/visits', as(doctor, claims));
  expect(answer).toMatchObject({
    status: 403,
    body: { detail: expect.stringMatching(/administrator/) as string },
  });
});

describe('readiness', () => {
  const readiness = async (of: ApiProcess) => {
    const { status, body } = await of.get('/health/ready');
    return [status, body];
  };

  test('follows the migrations of the database, both ways', async () => {
    const other = await databases.fresh();
    const set = await readShipped();
    const newest = set.migrations.length;
    const mine = await start(other);
    try {
      const checks = (schema: string) => ({ database: 'up', schema });
      const ready = { status: 'ready', checks: checks('known') };
      expect(await readiness(mine)).toEqual([200, { ...ready, schemaVersion: newest }]);
      // The contraction is not there yet, or not any more: the API does without it.
      await done(migratorOf(other, set), { action: 'down', to: newest - 1, allowLoss: true });
      expect(await readiness(mine)).toEqual([200, { ...ready, schemaVersion: newest - 1 }]);
      await done(migratorOf(other, set), { action: 'down', to: 1, allowLoss: true });
      const behind = { status: 'unavailable', checks: checks('behind') };
      expect(await readiness(mine)).toEqual([503, { ...behind, schemaVersion: 1 }]);
      await done(migratorOf(other, set), { action: 'down', to: 0, allowLoss: true });
      expect(await readiness(mine)).toEqual([503, { ...behind, schemaVersion: 0 }]);
      await done(migratorOf(other, set), { action: 'up' });
      expect(await readiness(mine)).toEqual([200, { ...ready, schemaVersion: newest - 1 }]);
      const client = await other.migrator();
      await client.query(
        `INSERT INTO migrate.history (id, name, phase, reversible, up_sha256, down_sha256, state, steps, release, commit, actor)
         VALUES (99, 'drop_more', 'contract', 'no', '', '', 'applied', 1, '2', 'b', 'test')`,
      );
      const ahead = { status: 'unavailable', checks: checks('ahead') };
      expect(await readiness(mine)).toEqual([503, { ...ahead, schemaVersion: 99 }]);
      await client.query('DROP SCHEMA migrate CASCADE');
      expect(await readiness(mine)).toEqual([503, { ...behind, schemaVersion: 0 }]);
    } finally {
      await mine.kill();
    }
  });
});

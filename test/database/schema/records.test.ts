import * as crypto from 'node:crypto';
import type { Client } from 'pg';
import { SUPERUSER } from '../../../lib/local/postgres/cluster';
import type { TestDatabase, TestDatabases } from '../support/databases';
import { startMigrated } from '../support/schema';

jest.setTimeout(60_000);

interface Doctor {
  readonly org: string;
  readonly slug: string;
  readonly me: string;
  readonly visit: string;
  readonly document: string;
}

let databases: TestDatabases;
let database: TestDatabase;
let migrator: Client;
let doctor: Doctor;

beforeAll(async () => {
  databases = await startMigrated({ organisations: 2, patients: 4, visits: 6 });
});

beforeEach(async () => {
  database = await databases.fresh();
  migrator = await database.migrator();
  const { rows } = await migrator.query<Doctor>(
    `SELECT o.id AS org, o.slug, v.clinician_id AS me, v.id AS visit, d.id AS document
     FROM organisations AS o JOIN visits AS v ON v.organisation_id = o.id
     JOIN documents AS d ON d.organisation_id = o.id AND d.created_by = v.clinician_id
     WHERE o.slug = 'clinic-1' AND v.status = 'SCHEDULED' LIMIT 1`,
  );
  doctor = rows[0]!;
});

afterEach(() => databases.close());
afterAll(() => databases.remove());

/** Begins a transaction of the API for the doctor. */
async function begin(client: Client, role = 'DOCTOR'): Promise<void> {
  await client.query('BEGIN');
  await client.query(
    `SELECT set_config('app.organisation_id', $1, true), set_config('app.user_id', $2, true),
       set_config('app.role', $3, true)`,
    [doctor.org, doctor.me, role],
  );
}

async function value<T>(sql: string, values: readonly unknown[] = [], client = migrator): Promise<T> {
  const { rows } = await client.query<T[]>({ text: sql, values: [...values], rowMode: 'array' });
  return rows[0]![0]!;
}

describe('a record', () => {
  const KEPT = ['audit_events', 'signature_events'];

  test.each(KEPT)('of %s is changed, deleted and truncated by nobody, its owner included', async (table) => {
    const before = await value('SELECT count(*) FROM ' + table);
    for (const user of ['telehealth_api', 'telehealth_migrator', SUPERUSER]) {
      const client = await database.as(user);
      if (user === 'telehealth_api') await begin(client, 'SUPER_ADMIN');
      // A superuser may even call itself a replica, for whom ordinary triggers do not fire.
      if (user === SUPERUSER) await client.query('SET session_replication_role = replica');
      const code = user === 'telehealth_api' ? '42501' : '23001';
      for (const sql of [
        `UPDATE ${table} SET recorded_at = recorded_at`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
        `TRUNCATE organisations CASCADE`,
      ]) {
        if (user === 'telehealth_api') await client.query('SAVEPOINT before');
        await expect(client.query(sql)).rejects.toMatchObject({ code });
        if (user === 'telehealth_api') await client.query('ROLLBACK TO before');
      }
    }
    expect(await value('SELECT count(*) FROM ' + table)).toBe(before);
  });

  test('stays when what it tells of goes', async () => {
    const about = () =>
      value<string>('SELECT count(*) FROM audit_events WHERE subject_id = $1', [doctor.visit]);
    expect(await about()).toBe('1');
    for (const table of ['one_time_tokens', 'notifications'])
      await migrator.query(`DELETE FROM ${table} WHERE visit_id = $1`, [doctor.visit]);
    await migrator.query('DELETE FROM visits WHERE id = $1', [doctor.visit]);
    expect(await about()).toBe('1');
  });

  test('cannot be made older than it is, and may go once it is older than 2557 days', async () => {
    await migrator.query(
      `INSERT INTO audit_events (organisation_id, action, subject_type, recorded_at)
       VALUES ($1, 'test.old', 'test', '2000-01-01')`,
      [doctor.org],
    );
    const OLD = `FROM audit_events WHERE action = 'test.old'`;
    expect(await value(`SELECT recorded_at > now() - interval '1 min' ${OLD}`)).toBe(true);
    await expect(migrator.query(`DELETE ${OLD}`)).rejects.toMatchObject({ code: '23001' });
    const superuser = await database.superuser();
    const age = async (days: number) => {
      await superuser.query('ALTER TABLE audit_events DISABLE TRIGGER keep_rows');
      await superuser.query(
        `UPDATE audit_events SET recorded_at = now() - make_interval(days => $1) WHERE action = 'test.old'`,
        [days],
      );
      await superuser.query('ALTER TABLE audit_events ENABLE ALWAYS TRIGGER keep_rows');
    };
    await age(2556);
    await expect(migrator.query(`DELETE ${OLD}`)).rejects.toMatchObject({ code: '23001' });
    await age(2558);
    expect((await migrator.query(`DELETE ${OLD}`)).rowCount).toBe(1);
  });

  test('is written under one’s own name only', async () => {
    const api = await database.api();
    for (const [actor, role] of [
      [crypto.randomUUID(), 'DOCTOR'],
      [doctor.me, 'ADMIN'],
      [null, 'DOCTOR'],
    ]) {
      await begin(api);
      await expect(
        api.query(
          `INSERT INTO audit_events (organisation_id, actor_id, actor_role, action, subject_type)
           VALUES ($1, $2, $3, 'test.done', 'test')`,
          [doctor.org, actor, role],
        ),
      ).rejects.toMatchObject({ code: '42501' });
      await api.query('ROLLBACK');
    }
  });
});

describe('a doctor who changes how they meet', () => {
  test('does so, and the audit row says who, from what and to what', async () => {
    const api = await database.api();
    const from = await value('SELECT modality FROM visits WHERE id = $1', [doctor.visit]);
    await begin(api);
    await api.query(
      "UPDATE visits SET modality = CASE modality WHEN 'PHONE' THEN 'AUDIO' ELSE 'PHONE' END WHERE id = $1",
      [doctor.visit],
    );
    await api.query('COMMIT');
    const { rows } = await migrator.query(
      `SELECT actor_id, actor_role, subject_id, detail FROM audit_events WHERE action = 'visit.modality_changed'`,
    );
    const to = await value('SELECT modality FROM visits WHERE id = $1', [doctor.visit]);
    expect(to).not.toBe(from);
    expect(rows).toEqual([
      { actor_id: doctor.me, actor_role: 'DOCTOR', subject_id: doctor.visit, detail: { from, to } },
    ]);
  });

  test('to the same leaves no row, and a change that is undone leaves none either', async () => {
    const api = await database.api();
    await begin(api);
    await api.query('UPDATE visits SET modality = modality WHERE id = $1', [doctor.visit]);
    await api.query('COMMIT');
    await begin(api);
    await api.query("UPDATE visits SET modality = 'AUDIO' WHERE id = $1", [doctor.visit]);
    await api.query('ROLLBACK');
    expect(await value("SELECT count(*) FROM audit_events WHERE action = 'visit.modality_changed'")).toBe(
      '0',
    );
  });
});

describe('the chain of signatures', () => {
  const SIGN = `INSERT INTO signature_events (organisation_id, actor_id, actor_role, entity, entity_id, document_id,
      document_sha256, signature_type, kms_key_id, kms_signature)
    VALUES ($1, $2, 'DOCTOR', 'DOCUMENT', $3, $3, sha256('x'), 'TOTP_KMS', 'alias/signing', 'x')`;
  const broken = async () => {
    const api = await database.api();
    await begin(api);
    return value<string | null>('SELECT app.first_broken_signature()', [], api);
  };

  test('does not fork and has no gap, when 16 sessions sign 10 times each at once', async () => {
    const before = Number(
      await value('SELECT count(*) FROM signature_events WHERE organisation_id = $1', [doctor.org]),
    );
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        const api = await database.api();
        for (let turn = 0; turn < 10; turn += 1) {
          await begin(api);
          await api.query(SIGN, [doctor.org, doctor.me, doctor.document]);
          await api.query(turn % 5 === 4 ? 'ROLLBACK' : 'COMMIT');
        }
      }),
    );
    const { rows } = await migrator.query(
      `SELECT count(*)::integer AS signatures, count(DISTINCT previous_hash)::integer AS befores,
         max(chain_position)::integer AS last, (SELECT length::integer FROM signature_chains WHERE organisation_id = $1)
       FROM signature_events WHERE organisation_id = $1`,
      [doctor.org],
    );
    const signatures = before + 16 * 8;
    expect(rows).toEqual([{ signatures, befores: signatures, last: signatures, length: signatures }]);
    expect(await broken()).toBeNull();
  });

  test('does not fork when transactions see one snapshot for their whole length', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const api = await database.api();
        await begin(api);
        await api.query('COMMIT');
        await api.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        await api.query(
          `SELECT set_config('app.organisation_id', $1, true), set_config('app.user_id', $2, true),
             set_config('app.role', 'DOCTOR', true), (SELECT count(*) FROM signature_events)`,
          [doctor.org, doctor.me],
        );
        return api;
      }),
    );
    const ends = await Promise.all(
      sessions.map(async (api) => {
        try {
          await api.query(SIGN, [doctor.org, doctor.me, doctor.document]);
          await api.query('COMMIT');
          return 'signed';
        } catch (error) {
          await api.query('ROLLBACK');
          return (error as { code?: string }).code;
        }
      }),
    );
    expect(ends.sort()).toEqual(['40001', '40001', '40001', 'signed']);
    expect(await broken()).toBeNull();
  });

  test('does not take places or hashes from whoever signs, and its end is written by nobody else', async () => {
    const api = await database.api();
    await begin(api);
    const { rows } = await api.query(
      `INSERT INTO signature_events (organisation_id, actor_id, actor_role, entity, entity_id, document_id,
         document_sha256, signature_type, kms_key_id, kms_signature, chain_position, hash, previous_hash, recorded_at)
       VALUES ($1, $2, 'DOCTOR', 'DOCUMENT', $3, $3, sha256('x'), 'TOTP_KMS', 'k', 'x', 99, 'x', 'x', '2000-01-01')
       RETURNING chain_position < 99 AS placed, octet_length(hash) AS hash, octet_length(previous_hash) AS previous,
         recorded_at > now() - interval '1 min' AS recent`,
      [doctor.org, doctor.me, doctor.document],
    );
    expect(rows).toEqual([{ placed: true, hash: 32, previous: 32, recent: true }]);
    await expect(api.query("UPDATE signature_chains SET head = sha256('x')")).rejects.toMatchObject({
      code: '42501',
    });
  });

  test.each([
    ['altered', "UPDATE signature_events SET document_sha256 = sha256('y') WHERE chain_position = 2", '2'],
    ['taken out', 'DELETE FROM signature_events WHERE chain_position = 2', '3'],
    ['taken from its end', 'DELETE FROM signature_events WHERE chain_position = :last', ':last'],
  ])('tells of one that was %s, even by somebody who may do anything', async (_what, sql, place) => {
    const api = await database.api();
    for (let turn = 0; turn < 3; turn += 1) {
      await begin(api);
      await api.query(SIGN, [doctor.org, doctor.me, doctor.document]);
      await api.query('COMMIT');
    }
    expect(await broken()).toBeNull();
    const last = await value<string>(
      'SELECT max(chain_position) FROM signature_events WHERE organisation_id = $1',
      [doctor.org],
    );
    const superuser = await database.superuser();
    await superuser.query('ALTER TABLE signature_events DISABLE TRIGGER ALL');
    await superuser.query(sql.replace(':last', last));
    expect(await broken()).toBe(place.replace(':last', last));
  });

  test('has hashes that no setting of the session changes', async () => {
    const HASH = 'SELECT bool_and(hash = app.signature_hash(e)) FROM signature_events AS e';
    for (const setting of ["timezone = 'Asia/Tokyo'", "bytea_output = 'escape'", "datestyle = 'German'"]) {
      await migrator.query(`SET ${setting}`);
      expect(await value(HASH)).toBe(true);
    }
  });
});

describe('a one-time token', () => {
  const REDEEM = 'SELECT visit_id, party FROM app.redeem_token($1, $2)';
  const secret = () => crypto.randomBytes(32);

  async function issue(of: Buffer, life = '20 min'): Promise<void> {
    const api = await database.api();
    await begin(api);
    await api.query(
      `INSERT INTO one_time_tokens (organisation_id, visit_id, party, secret_sha256, expires_at, created_by)
       VALUES ($1, $2, 'PATIENT', sha256($3), now() + $4::interval, $5)`,
      [doctor.org, doctor.visit, of, life, doctor.me],
    );
    await api.query('COMMIT');
  }

  test('opens its visit once, whoever is first of 16, and leaves one audit row', async () => {
    const link = secret();
    await issue(link);
    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_unused, n) =>
        (await database.api()).query<{ visit_id: string }>(REDEEM, [link, `request-${n}`]),
      ),
    );
    expect(answers.flatMap(({ rows }) => rows)).toEqual([{ visit_id: doctor.visit, party: 'PATIENT' }]);
    expect(await value("SELECT count(*) FROM audit_events WHERE action = 'token.redeemed'")).toBe('1');
  });

  test('does not open when it is unknown, taken back or too old', async () => {
    const api = await database.api();
    const [known, revoked, old] = [secret(), secret(), secret()];
    for (const link of [known, revoked, old]) await issue(link);
    await migrator.query('UPDATE one_time_tokens SET revoked_at = now() WHERE secret_sha256 = sha256($1)', [
      revoked,
    ]);
    await migrator.query(
      `UPDATE one_time_tokens SET created_at = now() - interval '20 min', expires_at = now() - interval '1 ms'
       WHERE secret_sha256 = sha256($1)`,
      [old],
    );
    for (const link of [secret(), revoked, old])
      expect((await api.query(REDEEM, [link, null])).rowCount).toBe(0);
    // Its hash, which a copy of the database would show, is not its secret.
    const hash = crypto.createHash('sha256').update(known).digest();
    expect((await api.query(REDEEM, [hash, null])).rowCount).toBe(0);
    expect((await api.query(REDEEM, [known, null])).rowCount).toBe(1);
  });

  test('lives for half an hour at most', async () => {
    await expect(issue(secret(), '31 min')).rejects.toMatchObject({ code: '23514' });
  });
});

describe('whoever comes with a token of the user pool', () => {
  const ADMIT = 'SELECT app.admit($1, $2, $3)';

  test('is admitted to an organisation that is set up, made known once, and keeps up with their role', async () => {
    const person = crypto.randomUUID();
    const sessions = await Promise.all(Array.from({ length: 8 }, () => database.api()));
    const answers = await Promise.all(
      sessions.map((api) => value(ADMIT, [doctor.slug, person, 'PHARMACIST'], api)),
    );
    expect(new Set(answers)).toEqual(new Set([doctor.org]));
    await sessions[0]!.query(ADMIT, [doctor.slug, person, 'DOCTOR']);
    expect(await value('SELECT role FROM users WHERE id = $1', [person])).toBe('DOCTOR');
  });

  test('is not admitted to an unknown organisation, to a second one, or once deactivated', async () => {
    const api = await database.api();
    expect(await value(ADMIT, ['nowhere', crypto.randomUUID(), 'DOCTOR'], api)).toBeNull();
    expect(await value(ADMIT, ['clinic-2', doctor.me, 'DOCTOR'], api)).toBeNull();
    await migrator.query('UPDATE users SET deactivated_at = now() WHERE id = $1', [doctor.me]);
    expect(await value(ADMIT, [doctor.slug, doctor.me, 'DOCTOR'], api)).toBeNull();
    expect(await value("SELECT count(*) FROM organisations WHERE slug = 'nowhere'")).toBe('0');
  });
});

test('a change notes its moment; a backfill does not', async () => {
  const moment = () => value<Date>('SELECT updated_at FROM visits WHERE id = $1', [doctor.visit]);
  const before = await moment();
  await migrator.query('UPDATE visits SET ends_at = ends_at WHERE id = $1', [doctor.visit]);
  expect(await moment()).toEqual(before);
  const api = await database.api();
  await begin(api);
  await api.query("UPDATE visits SET reason_code = 'X' WHERE id = $1", [doctor.visit]);
  await api.query('COMMIT');
  expect((await moment()).getTime()).toBeGreaterThan(before.getTime());
});

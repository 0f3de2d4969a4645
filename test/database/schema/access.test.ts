import type { Client } from 'pg';
import { ROLES, type Role } from '../../../lambda/shared/roles';
import type { TestDatabases } from '../support/databases';
import { startMigrated } from '../support/schema';

jest.setTimeout(90_000);

const ADMINISTRATORS: readonly Role[] = ['SUPER_ADMIN', 'ADMIN', 'ORG_ADMIN'];
const CARE: readonly Role[] = ['DOCTOR', 'PHARMACIST', 'LAB_TECH'];
const SIGNERS = CARE;

interface Rule {
  /** Roles that see every row of the organisation. */
  readonly sees: readonly Role[];
  /** Condition of the rows that a doctor sees, when not all. */
  readonly doctorSees?: string;
  /** Roles that may insert; absent when no role may. */
  readonly inserts?: readonly Role[];
  /** A row that may be inserted: SELECT list over ids of the fixture. */
  readonly row?: string;
  /** Roles that may update; absent when no role may. */
  readonly updates?: readonly Role[];
  /** Column that may be updated. */
  readonly column?: string;
  /** Condition of the rows that somebody else than `updates` may change. */
  readonly othersUpdate?: string;
}

const OF_OWN_VISITS = 'visit_id IN (SELECT id FROM visits WHERE clinician_id = $1)';
const SCHEDULERS: readonly Role[] = [...ADMINISTRATORS, 'SUPPORT'];

const RULES: Readonly<Record<string, Rule>> = {
  organisations: { sees: ROLES },
  users: { sees: ROLES, updates: ADMINISTRATORS, column: 'display_name', othersUpdate: 'id = $1' },
  patients: {
    sees: [...ADMINISTRATORS, ...CARE, 'SUPPORT'],
    inserts: [...ADMINISTRATORS, 'DOCTOR', 'SUPPORT'],
    row: `(organisation_id, given_name, family_name, date_of_birth, state) VALUES (:org, 'A', 'B', '1980-01-01', 'NY')`,
    updates: [...ADMINISTRATORS, 'DOCTOR', 'SUPPORT'],
    column: 'state',
  },
  patient_phones: {
    sees: [...ADMINISTRATORS, ...CARE, 'SUPPORT'],
    inserts: [...ADMINISTRATORS, 'DOCTOR', 'SUPPORT'],
    row: `(organisation_id, patient_id, number) VALUES (:org, :patient, '+15550001111')`,
    updates: [...ADMINISTRATORS, 'DOCTOR', 'SUPPORT'],
    column: 'retired_at',
  },
  consults: {
    sees: [...ADMINISTRATORS, ...CARE],
    inserts: [...ADMINISTRATORS, 'DOCTOR', 'SUPPORT'],
    row: `(organisation_id, patient_id) VALUES (:org, :patient)`,
    updates: [...ADMINISTRATORS, 'DOCTOR'],
    column: 'status',
  },
  visits: {
    sees: SCHEDULERS,
    doctorSees: 'clinician_id = $1',
    inserts: [...SCHEDULERS, 'DOCTOR'],
    row: `(organisation_id, patient_id, clinician_id, scheduled_at, created_by)
          VALUES (:org, :patient, :me, '2030-01-01', :me)`,
    updates: SCHEDULERS,
    column: 'reason_code',
    othersUpdate: 'clinician_id = $1',
  },
  one_time_tokens: {
    sees: SCHEDULERS,
    doctorSees: OF_OWN_VISITS,
    inserts: [...SCHEDULERS, 'DOCTOR'],
    row: `(organisation_id, visit_id, party, secret_sha256, expires_at, created_by)
          VALUES (:org, :visit, 'PATIENT', sha256('x'), now() + interval '20 min', :me)`,
    updates: SCHEDULERS,
    column: 'revoked_at',
    othersUpdate: OF_OWN_VISITS,
  },
  notifications: {
    sees: SCHEDULERS,
    doctorSees: OF_OWN_VISITS,
    inserts: [...SCHEDULERS, 'DOCTOR'],
    row: `(organisation_id, visit_id, channel, template) VALUES (:org, :visit, 'SMS', 'visit_link')`,
    updates: SCHEDULERS,
    column: 'sent_at',
    othersUpdate: OF_OWN_VISITS,
  },
  audit_events: {
    sees: [...ADMINISTRATORS, 'AUDITOR'],
    inserts: ROLES,
    row: `(organisation_id, actor_id, actor_role, action, subject_type) VALUES (:org, :me, :role, 'test.done', 'test')`,
  },
  documents: {
    sees: [...ADMINISTRATORS, ...CARE],
    inserts: [...ADMINISTRATORS, ...CARE],
    row: `(organisation_id, patient_id, category, title, storage_key, sha256, size_bytes, media_type, created_by)
          VALUES (:org, :patient, 'NOTE', 'T', 'k', sha256('x'), 1, 'text/plain', :me)`,
  },
  signature_chains: { sees: [...ADMINISTRATORS, ...CARE, 'AUDITOR'] },
  signature_events: {
    sees: [...ADMINISTRATORS, ...CARE, 'AUDITOR'],
    inserts: SIGNERS,
    row: `(organisation_id, actor_id, actor_role, entity, entity_id, document_id, document_sha256, signature_type,
            kms_key_id, kms_signature)
          VALUES (:org, :me, :role, 'DOCUMENT', :document, :document, sha256('x'), 'TOTP_KMS', 'k', 'x')`,
  },
};
const TABLES = Object.keys(RULES);

interface Fixture {
  readonly org: string;
  readonly me: string;
  readonly patient: string;
  readonly visit: string;
  readonly document: string;
}

let databases: TestDatabases;
let api: Client;
let migrator: Client;
let ours: Fixture;
let theirs: Fixture;

beforeAll(async () => {
  databases = await startMigrated({ organisations: 2, patients: 6, visits: 6 });
  const database = await databases.fresh();
  migrator = await database.migrator();
  // Contracted: the generator wrote no number.
  await migrator.query(
    "INSERT INTO patient_phones (organisation_id, patient_id, number) SELECT organisation_id, id, '+15551234567' FROM patients",
  );
  api = await database.api();
  [ours, theirs] = (await Promise.all(['clinic-1', 'clinic-2'].map(fixtureOf))) as [Fixture, Fixture];
});

afterAll(() => databases.remove());

/** A doctor of an organisation with a visit of their own. */
async function fixtureOf(slug: string): Promise<Fixture> {
  const { rows } = await migrator.query<Fixture>(
    `SELECT o.id AS org, v.clinician_id AS me, v.patient_id AS patient, v.id AS visit,
       (SELECT d.id FROM documents AS d WHERE d.organisation_id = o.id LIMIT 1) AS document
     FROM organisations AS o JOIN visits AS v ON v.organisation_id = o.id
     WHERE o.slug = $1 ORDER BY v.scheduled_at LIMIT 1`,
    [slug],
  );
  return rows[0]!;
}

/** Runs something in a transaction of the API for a person, and undoes it. */
async function as<T>(
  role: string,
  { org, me }: Pick<Fixture, 'org' | 'me'>,
  work: () => Promise<T>,
): Promise<T> {
  await api.query('BEGIN');
  try {
    await api.query(
      `SELECT set_config('app.organisation_id', $1, true), set_config('app.user_id', $2, true),
         set_config('app.role', $3, true)`,
      [org, me, role],
    );
    return await work();
  } finally {
    await api.query('ROLLBACK');
  }
}

/** Rows that a statement touched, or the code of its error; the transaction goes on. */
async function touched(sql: string): Promise<number | string> {
  await api.query('SAVEPOINT before');
  try {
    return (await api.query(sql)).rowCount ?? 0;
  } catch (error) {
    return String((error as { code?: unknown }).code);
  } finally {
    await api.query('ROLLBACK TO before');
  }
}

async function count(table: string, where: string, values: readonly string[]): Promise<number> {
  const { rows } = await migrator.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM ${table} WHERE ${where}`,
    [...values],
  );
  return rows[0]!.n;
}

const REFUSED = '42501';

function insertOf(table: string, role: string, of: Fixture): string {
  const row = RULES[table]?.row ?? 'DEFAULT VALUES';
  const known: Readonly<Record<string, string>> = { ...of, role };
  return `INSERT INTO ${table} ${row.replace(/:([a-z]+)/g, (_all, name: string) => `'${known[name] ?? ''}'`)}`;
}

describe.each(ROLES)('as %s', (role) => {
  test.each(TABLES)('%s', async (table) => {
    const rule = RULES[table]!;
    const ownId = table === 'organisations' ? 'id' : 'organisation_id';
    const inOrganisation = `${ownId} = '${ours.org}'`;
    const all = await count(table, inOrganisation, []);
    const some = async (condition: string | undefined) =>
      condition === undefined ? 0 : count(table, `${inOrganisation} AND ${condition}`, [ours.me]);
    const doctors = role === 'DOCTOR' ? rule.doctorSees : undefined;
    const sees = rule.sees.includes(role) ? all : await some(doctors);
    const others = role === 'DOCTOR' || table === 'users' ? rule.othersUpdate : undefined;
    const updates = rule.updates?.includes(role) === true ? all : await some(others);
    const expected = {
      select: sees,
      insert: rule.inserts?.includes(role) === true ? 1 : REFUSED,
      update: rule.column === undefined ? REFUSED : updates,
      updateOfId: REFUSED,
      delete: REFUSED,
      truncate: REFUSED,
    };
    const found = await as(role, ours, async () => ({
      select: await touched(`SELECT FROM ${table}`),
      insert: await touched(insertOf(table, role, ours)),
      update: await touched(`UPDATE ${table} SET ${rule.column ?? ownId} = ${rule.column ?? ownId}`),
      updateOfId: await touched(`UPDATE ${table} SET ${ownId} = ${ownId}`),
      delete: await touched(`DELETE FROM ${table}`),
      truncate: await touched(`TRUNCATE ${table}`),
    }));
    expect(found).toEqual(expected);
    expect(all).toBeGreaterThan(0);
  });
});

describe('without anybody to act for', () => {
  test.each([
    ['nothing is set', {}],
    ['settings are empty', { org: '', me: '', role: '' }],
    ['settings are no ids', { org: 'clinic-1', me: 'somebody', role: 'ADMIN' }],
    ['a role is made up', { role: 'postgres' }],
    ['the organisation is unknown', { org: '00000000-0000-4000-8000-000000000000', role: 'SUPER_ADMIN' }],
  ])('%s: no rows, no error, no insert', async (_what, settings: Partial<Fixture & { role: string }>) => {
    await api.query('BEGIN');
    const names = { org: 'app.organisation_id', me: 'app.user_id', role: 'app.role' } as const;
    for (const key of ['org', 'me', 'role'] as const)
      if (settings[key] !== undefined)
        await api.query('SELECT set_config($1, $2, true)', [names[key], settings[key]]);
    const seen: Record<string, number | string> = {};
    const inserted: Record<string, number | string> = {};
    for (const table of TABLES) {
      seen[table] = await touched(`SELECT FROM ${table}`);
      inserted[table] = await touched(insertOf(table, 'SUPER_ADMIN', ours));
    }
    await api.query('ROLLBACK');
    expect(seen).toEqual(Object.fromEntries(TABLES.map((table) => [table, 0])));
    expect(inserted).toEqual(Object.fromEntries(TABLES.map((table) => [table, REFUSED])));
  });
});

describe('of another organisation', () => {
  test.each(TABLES.filter((table) => RULES[table]?.row !== undefined))(
    'nothing is made in %s',
    async (table) => {
      const role = SIGNERS.includes('DOCTOR') && table === 'signature_events' ? 'DOCTOR' : 'SUPER_ADMIN';
      const foreign = await as(role, ours, () => touched(insertOf(table, role, { ...theirs, me: ours.me })));
      expect(foreign).toBe(REFUSED);
    },
  );

  test.each([
    ['patients', { patient: 'patient' }],
    ['visits', { visit: 'visit' }],
  ] as const)('%s cannot be referred to', async (_table, taken) => {
    const mixed = {
      ...ours,
      ...('patient' in taken ? { patient: theirs.patient } : { visit: theirs.visit }),
    };
    const tables =
      'patient' in taken ? ['consults', 'visits', 'documents'] : ['one_time_tokens', 'notifications'];
    for (const table of tables) {
      const code = await as('ADMIN', ours, () => touched(insertOf(table, 'ADMIN', mixed)));
      // A foreign key where the row would pass the policy, the policy where it looks at the visit.
      expect([table, code]).toEqual([table, 'patient' in taken ? '23503' : REFUSED]);
    }
  });

  test('the list of visits with names shows only its own', async () => {
    const { rows } = await as('ADMIN', ours, () =>
      api.query<{ organisation_id: string }>('SELECT organisation_id FROM upcoming_visits'),
    );
    expect(new Set(rows.map((row) => row.organisation_id))).toEqual(new Set([ours.org]));
    expect((await api.query('SELECT FROM upcoming_visits')).rowCount).toBe(0);
  });
});

test('the migrator sees and changes every row of every organisation', async () => {
  for (const table of TABLES.filter((name) => name !== 'organisations')) {
    const { rows } = await migrator.query<{ n: number }>(
      `SELECT count(DISTINCT organisation_id)::integer AS n FROM ${table}`,
    );
    // The two of the tests and the practice that releases are tried in.
    expect([table, rows[0]?.n]).toEqual([table, 3]);
  }
  const changed = await migrator.query('UPDATE patients SET state = state');
  expect(changed.rowCount).toBe(3 * 6 + 1);
});

import * as fs from 'node:fs';
import type { Client } from 'pg';
import { COLUMNS_FILE, phiColumns } from '../../../app/phi-columns';
import { schemaTypes, SCHEMA_FILE } from '../../../app/schema-types';
import { everyQuery } from '../../../app/src/queries/catalogue';
import { classifiedColumns } from '../../../lib/migrations/catalogue';
import type { TestDatabase, TestDatabases } from '../support/databases';
import { startMigrated } from '../support/schema';
import { ACCESS } from '../support/server';

jest.setTimeout(60_000);

let databases: TestDatabases;
let database: TestDatabase;
let migrator: Client;

beforeAll(async () => {
  databases = await startMigrated();
  database = await databases.fresh();
  migrator = await database.migrator();
});

afterAll(() => databases.remove());

async function list(sql: string): Promise<unknown[]> {
  return (await migrator.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.map(([first]) => first);
}

describe('every table', () => {
  test('has forced row-level security, the migrator’s policy and one for the API', async () => {
    const bare = await list(`
      SELECT c.relname FROM pg_class AS c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity
          AND EXISTS (SELECT FROM pg_policies AS p WHERE p.tablename = c.relname AND p.cmd = 'ALL'
            AND p.roles = '{telehealth_migrator}' AND p.qual = 'true' AND p.with_check = 'true')
          AND EXISTS (SELECT FROM pg_policies AS p WHERE p.tablename = c.relname AND p.cmd = 'SELECT'
            AND p.roles = '{telehealth_api}'))`);
    expect(bare).toEqual([]);
  });

  test('has a policy for no one else', async () => {
    expect(await list('SELECT DISTINCT r FROM pg_policies, unnest(roles) AS r ORDER BY 1')).toEqual([
      ACCESS.apiUser,
      ACCESS.migratorUser,
    ]);
  });

  test('has ids of one type, and times with a time zone', async () => {
    const odd = await list(`
      SELECT format('%s.%s %s', table_name, column_name, data_type) FROM information_schema.columns
      WHERE table_schema = 'public' AND (data_type ~ 'without time zone|^json$|^character'
        OR (column_name = 'id' OR column_name IN ('organisation_id', 'patient_id', 'visit_id')) AND data_type <> 'uuid')`);
    expect(odd).toEqual([]);
  });

  test('deletes nothing by cascade, and refers to others together with the organisation', async () => {
    const odd = await list(`
      SELECT format('%s: %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE contype = 'f' AND connamespace = 'public'::regnamespace
        AND (confdeltype <> 'a' OR confupdtype <> 'a' OR NOT convalidated
          OR confrelid <> 'organisations'::regclass AND cardinality(conkey) < 2)`);
    expect(odd).toEqual([]);
    const ofAudit = await list(`
      SELECT confrelid::regclass::text FROM pg_constraint
      WHERE contype = 'f' AND conrelid = 'audit_events'::regclass`);
    expect(ofAudit).toEqual(['organisations']);
  });

  test('has an index for each reference to another', async () => {
    const slow = await list(`
      SELECT format('%s: %s', k.conrelid::regclass, k.conname) FROM pg_constraint AS k
      WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = k.conrelid AND i.indisvalid
          AND (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey)`);
    expect(slow).toEqual([]);
  });
});

describe('the role of the API', () => {
  test('owns nothing, and is nobody’s member but of IAM', async () => {
    expect(
      await list(`SELECT classid::regclass::text FROM pg_shdepend
        WHERE refobjid = 'telehealth_api'::regrole AND deptype = 'o'`),
    ).toEqual([]);
    expect(
      await list(
        `SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'telehealth_api'::regrole`,
      ),
    ).toEqual(['rds_iam']);
    expect(
      await list(`SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles
        WHERE rolname IN ('telehealth_api', 'telehealth_migrator')`),
    ).toEqual([false, false]);
  });

  test.each([
    ['SET ROLE telehealth_migrator', '42501'],
    ['SET SESSION AUTHORIZATION telehealth_migrator', '42501'],
    ['SET session_replication_role = replica', '42501'],
    ['ALTER TABLE visits DISABLE ROW LEVEL SECURITY', '42501'],
    ['ALTER TABLE audit_events DISABLE TRIGGER ALL', '42501'],
    ['DROP POLICY api_select ON visits', '42501'],
    ['CREATE TABLE mine (id integer)', '42501'],
    ['CREATE FUNCTION app.mine() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$', '42501'],
    ["SELECT app.provision_organisation('mine', 'Mine')", '42501'],
    ['SELECT * FROM migrate.history', '42501'],
    ['DELETE FROM migrate.applied', '42501'],
  ])('may not: %s', async (sql, code) => {
    const api = await database.api();
    await expect(api.query(sql)).rejects.toMatchObject({ code });
  });

  test('with row_security off is refused, not let through', async () => {
    const api = await database.api();
    await api.query('SET row_security = off');
    await expect(api.query('SELECT FROM visits')).rejects.toMatchObject({ code: '42501' });
  });

  test('may do to each table what is listed here', async () => {
    const granted = await list(`
      SELECT format('%s: %s', t, string_agg(p, ' ' ORDER BY p)) FROM (
        SELECT table_name AS t, privilege_type AS p FROM information_schema.table_privileges
        WHERE grantee = 'telehealth_api' AND table_schema IN ('public', 'migrate')
        UNION
        SELECT c.table_name, format('UPDATE(%s)', string_agg(c.column_name, ',' ORDER BY c.column_name))
        FROM information_schema.column_privileges AS c
        WHERE c.grantee = 'telehealth_api' AND c.privilege_type = 'UPDATE' GROUP BY 1) AS g
      GROUP BY t ORDER BY t COLLATE "C"`);
    expect(granted).toMatchInlineSnapshot(`
      [
        "applied: SELECT",
        "audit_events: INSERT SELECT",
        "consults: INSERT SELECT UPDATE(clinician_id,complaint_encrypted,notes_encrypted,status)",
        "documents: INSERT SELECT",
        "notifications: INSERT SELECT UPDATE(delivered_at,provider_message_id,sent_at,status)",
        "one_time_tokens: INSERT SELECT UPDATE(revoked_at)",
        "organisations: SELECT",
        "patient_phones: INSERT SELECT UPDATE(retired_at,texts_agreed_at)",
        "patients: INSERT SELECT UPDATE(date_of_birth,email,family_name,given_name,state,time_zone)",
        "signature_chains: SELECT",
        "signature_events: INSERT SELECT",
        "upcoming_visits: SELECT",
        "users: SELECT UPDATE(display_name,email)",
        "visits: INSERT SELECT UPDATE(clinician_id,consult_id,duration_minutes,ended_at,meeting_id,modality,reason_code,recording_consent,scheduled_at,started_at,status)",
      ]
    `);
  });
});

describe('every function', () => {
  test('has its search_path pinned, and nobody may call it who was not told', async () => {
    expect(
      await list(`SELECT p.oid::regprocedure::text FROM pg_proc AS p
        WHERE p.pronamespace IN ('app'::regnamespace, 'public'::regnamespace)
          AND NOT coalesce('search_path=""' = ANY (p.proconfig), false)`),
    ).toEqual([]);
    expect(
      await list(`SELECT p.oid::regprocedure::text
        FROM pg_proc AS p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
        WHERE p.pronamespace IN ('app'::regnamespace, 'public'::regnamespace) AND a.grantee = 0`),
    ).toEqual([]);
  });

  test('with the rights of its owner is one of these', async () => {
    expect(
      await list(
        `SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'app'::regnamespace ORDER BY 1`,
      ),
    ).toEqual(['admit', 'chain_signature', 'redeem_token']);
    expect(
      await list(`SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
      AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)`),
    ).toEqual([]);
  });
});

describe('every column', () => {
  test('that tells of people is in the map of health data, which has no database to ask', async () => {
    // Where this fails: npm run schema:types
    expect(fs.readFileSync(COLUMNS_FILE, 'utf8')).toBe(await phiColumns(migrator));
  });

  test('says whether it holds health data, personal data or neither', async () => {
    const columns = await classifiedColumns(migrator);
    expect(columns.filter(({ classification }) => classification === undefined)).toEqual([]);
    expect(columns.filter(({ note }) => !/^[a-z].*\.$/i.test(note))).toEqual([]);
    const marked = (mark: string): Record<string, string> => {
      const tables: Record<string, string> = {};
      for (const { table, column, classification } of columns)
        if (classification === mark) tables[table] = tables[table] ? `${tables[table]} ${column}` : column;
      return tables;
    };
    expect(marked('PHI')).toMatchInlineSnapshot(`
      {
        "public.audit_events": "subject_id detail recorded_at",
        "public.consults": "id patient_id clinician_id status complaint_encrypted notes_encrypted created_at updated_at",
        "public.documents": "id patient_id category title storage_key sha256 created_at",
        "public.notifications": "visit_id channel template status provider_message_id sent_at delivered_at created_at",
        "public.one_time_tokens": "visit_id party redeemed_at",
        "public.patient_phones": "patient_id number texts_agreed_at retired_at",
        "public.patients": "id given_name family_name date_of_birth email state time_zone",
        "public.signature_events": "entity entity_id document_id document_sha256 recorded_at",
        "public.visits": "id patient_id clinician_id consult_id scheduled_at duration_minutes modality status reason_code started_at ended_at meeting_id recording_consent created_at updated_at ends_at",
      }
    `);
    expect(marked('PII')).toMatchInlineSnapshot(`
      {
        "public.users": "display_name email",
      }
    `);
  });
});

describe('the API', () => {
  test('is compiled with the types of this schema', async () => {
    const found = await schemaTypes({
      host: '127.0.0.1',
      port: databases.server.port,
      database: database.name,
      user: ACCESS.migratorUser,
      ssl: { ca: fs.readFileSync(databases.server.caFile, 'utf8') },
    });
    // Where this fails: npm run schema:types
    expect(fs.readFileSync(SCHEMA_FILE, 'utf8')).toBe(found);
  });

  test('sends queries that this schema answers, named by column', async () => {
    const api = await database.api();
    const queries = everyQuery();
    expect(queries.length).toBeGreaterThan(5);
    for (const { name, sql } of queries) {
      await api.query(`PREPARE ${name.toLowerCase()} AS ${sql}`);
      expect(sql).not.toMatch(/select \*|returning \*/);
    }
  });
});

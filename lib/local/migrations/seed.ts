import * as fs from 'node:fs';
import { Client } from 'pg';

/** What the demonstration data is made for. */
export interface SeedOptions {
  /** Port of PostgreSQL on 127.0.0.1. */
  readonly port: number;
  /** The authority that signed its certificate, PEM. */
  readonly caFile: string;
  /** Name of the database. */
  readonly database: string;
  /** Role that owns the tables. */
  readonly migratorUser: string;
  /** The organisation's name in tokens. */
  readonly organisation: string;
  /** Id of the person in the user pool. */
  readonly personId: string;
  /** Role of the person. */
  readonly role: string;
}

/** The invented patient of the demonstration. */
export const DEMO_PATIENT = '00000000-0000-4000-8000-000000000001';

/** Makes an organisation, the demo user's row in it and an invented patient, unless they are there. */
export async function seedDemoData(options: SeedOptions): Promise<void> {
  const client = new Client({
    host: '127.0.0.1',
    port: options.port,
    database: options.database,
    user: options.migratorUser,
    ssl: { ca: fs.readFileSync(options.caFile, 'utf8') },
    application_name: 'demo-data',
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ id: string }>(
      "SELECT app.provision_organisation($1, 'Demo clinic') AS id",
      [options.organisation],
    );
    await client.query('SELECT app.admit($1, $2, $3)', [
      options.organisation,
      options.personId,
      options.role,
    ]);
    await client.query(
      `INSERT INTO patients (id, organisation_id, given_name, family_name, date_of_birth, state)
       VALUES ($1, $2, 'Demo', 'Patient', '1980-01-01', 'NY') ON CONFLICT (id) DO NOTHING`,
      [DEMO_PATIENT, rows[0]?.id],
    );
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

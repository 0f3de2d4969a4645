import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Compilable,
} from 'kysely';
import type { DB } from '../schema';
import { appliedMigrations, enter } from './access';
import { writeAuditEvent } from './audit';
import { createVisit, findOverlap, findVisit, listVisits, lockClinician } from './visits';

/**
 * Every query that the API sends; the type of {@link Session} lets it send no other. Each has one text, whatever its
 * parameters are, so that the list of them is complete.
 */
export const QUERIES = {
  appliedMigrations,
  createVisit,
  enter,
  findOverlap,
  findVisit,
  listVisits,
  lockClinician,
  writeAuditEvent,
};

/** Name of a query. */
export type QueryName = keyof typeof QUERIES;

/** What a query asks for. */
export type ParametersOf<Name extends QueryName> = Parameters<(typeof QUERIES)[Name]>[1];

/** What a query answers, row by row. */
export type RowOf<Name extends QueryName> =
  ReturnType<(typeof QUERIES)[Name]> extends Compilable<infer Row> ? Row : never;

/** Sends queries of the catalogue. */
export interface Session {
  /** Sends one and answers its rows. */
  run<Name extends QueryName>(name: Name, parameters: ParametersOf<Name>): Promise<readonly RowOf<Name>[]>;
}

const ID = '00000000-0000-4000-8000-000000000000';
const DATE = new Date(0);

/** Parameters to compile each query with; a query without an entry is an error of the compiler. */
const EXAMPLES: { readonly [Name in QueryName]: ParametersOf<Name> } = {
  appliedMigrations: undefined,
  createVisit: {
    patient_id: ID,
    clinician_id: ID,
    consult_id: null,
    scheduled_at: DATE,
    duration_minutes: 30,
    modality: 'VIDEO',
    reason_code: null,
  },
  enter: { subject: ID, role: 'DOCTOR', organisation: 'example' },
  findOverlap: { clinicianId: ID, from: DATE, to: DATE },
  findVisit: { id: ID },
  listVisits: { from: DATE, after: ID, limit: 1 },
  lockClinician: { clinicianId: ID },
  writeAuditEvent: { action: 'visit.read', visitId: null, requestId: '' },
};

/** A query with its parameters, as it goes to the database. */
export function build<Name extends QueryName>(
  db: Kysely<DB>,
  name: Name,
  parameters: ParametersOf<Name>,
): Compilable<RowOf<Name>> {
  const query = QUERIES[name] as (db: Kysely<DB>, parameters: ParametersOf<Name>) => Compilable<RowOf<Name>>;
  return query(db, parameters);
}

/**
 * The text of every query of this release, for the runner of the migrations: it refuses a migration that would break
 * one of them while the release still serves. Needs no database.
 */
export function everyQuery(): readonly { readonly name: QueryName; readonly sql: string }[] {
  const offline = new Kysely<DB>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  return (Object.keys(QUERIES) as QueryName[])
    .sort()
    .map((name) => ({ name, sql: build(offline, name, EXAMPLES[name]).compile().sql }));
}

import { sql, type Compilable, type Insertable, type Kysely, type Selectable } from 'kysely';
import type { DB, Visits } from '../schema';

/** Columns of a visit that the API tells. */
const COLUMNS = [
  'id',
  'patient_id',
  'clinician_id',
  'consult_id',
  'scheduled_at',
  'ends_at',
  'duration_minutes',
  'modality',
  'status',
  'reason_code',
  'started_at',
  'ended_at',
] as const satisfies readonly (keyof Visits)[];

/** A visit as the database answers it. */
export type VisitRow = Pick<Selectable<Visits>, (typeof COLUMNS)[number]>;

/** The visits that the person may see, after a place in the order of their begin, the place itself not included. */
export function listVisits(
  db: Kysely<DB>,
  { from, after, limit }: { readonly from: Date; readonly after: string; readonly limit: number },
): Compilable<VisitRow> {
  return db
    .selectFrom('visits')
    .select(COLUMNS)
    .where('organisation_id', '=', sql<string>`app.current_organisation()`)
    .where((where) => where(where.refTuple('scheduled_at', 'id'), '>', where.tuple(from, after)))
    .orderBy('scheduled_at')
    .orderBy('id')
    .limit(limit);
}

/** One visit, if the person may see it. */
export function findVisit(db: Kysely<DB>, { id }: { readonly id: string }): Compilable<VisitRow> {
  return db.selectFrom('visits').select(COLUMNS).where('id', '=', id);
}

/** Lets one appointment of a clinician be made at a time, until the end of the transaction. */
export function lockClinician(
  db: Kysely<DB>,
  { clinicianId }: { readonly clinicianId: string },
): Compilable<{ locked: unknown }> {
  return db.selectNoFrom(
    sql`pg_advisory_xact_lock(hashtextextended('visits of ' || ${clinicianId}::text, 0))`.as('locked'),
  );
}

/** A visit of the clinician that takes some of these minutes. */
export function findOverlap(
  db: Kysely<DB>,
  { clinicianId, from, to }: { readonly clinicianId: string; readonly from: Date; readonly to: Date },
): Compilable<{ id: string }> {
  return (
    db
      .selectFrom('visits')
      .select('id')
      .where('organisation_id', '=', sql<string>`app.current_organisation()`)
      .where('clinician_id', '=', clinicianId)
      // Written out, as in the index that serves this.
      .where('status', 'in', [sql<'SCHEDULED'>`'SCHEDULED'`, sql<'ACTIVE'>`'ACTIVE'`])
      .where('ends_at', '>', from)
      .where('scheduled_at', '<', to)
      .limit(1)
  );
}

/** What somebody wants a visit to be. */
export type NewVisit = Pick<Insertable<Visits>, 'patient_id' | 'clinician_id' | 'scheduled_at'> & {
  readonly consult_id: string | null;
  readonly duration_minutes: number;
  readonly modality: VisitRow['modality'];
  readonly reason_code: string | null;
};

/** Makes an appointment, in the name of the person whom the transaction works for. */
export function createVisit(db: Kysely<DB>, visit: NewVisit): Compilable<VisitRow> {
  return db
    .insertInto('visits')
    .values({
      ...visit,
      organisation_id: sql<string>`app.current_organisation()`,
      created_by: sql<string>`app.current_user_id()`,
    })
    .returning(COLUMNS);
}

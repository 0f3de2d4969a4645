import { sql, type Compilable, type Kysely } from 'kysely';
import type { DB } from '../schema';

/** A person as a verified token names them. */
export interface Person {
  /** Claim `sub`. */
  readonly subject: string;
  /** What the person is. */
  readonly role: string;
  /** Claim `org_id`: the organisation's slug. */
  readonly organisation: string;
}

/**
 * Tells the database for whom the transaction works, from here to its end: what row-level security goes by. Answers
 * the organisation's id, or null when the person may not work there.
 */
export function enter(
  db: Kysely<DB>,
  { subject, role, organisation }: Person,
): Compilable<{ organisation_id: string | null }> {
  return db
    .selectFrom(
      sql<{
        organisation: string | null;
      }>`app.admit(${organisation}::text, ${subject}::uuid, ${role}::text)`.as<'a'>(sql`a(organisation)`),
    )
    .select([
      'a.organisation as organisation_id',
      sql`set_config('app.organisation_id', coalesce(a.organisation::text, ''), true)`.as('organisation_set'),
      sql`set_config('app.user_id', ${subject}::text, true)`.as('user_set'),
      sql`set_config('app.role', ${role}::text, true)`.as('role_set'),
    ]);
}

/** Which migrations the database has; what readiness goes by. */
export function appliedMigrations(db: Kysely<DB>): Compilable<{ id: number | null; phase: string | null }> {
  return db.selectFrom('migrate.applied').select(['id', 'phase']);
}

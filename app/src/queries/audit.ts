import { sql, type Compilable, type InsertResult, type Kysely } from 'kysely';
import type { DB } from '../schema';

/** What somebody did to a visit. */
export interface AuditEvent {
  /** What was done, such as `visit.created`. */
  readonly action: string;
  /** The visit; null when it was none in particular. */
  readonly visitId: string | null;
  /** The request, as the log names it. */
  readonly requestId: string;
}

/** Writes an audit row as the person whom the transaction works for. */
export function writeAuditEvent(
  db: Kysely<DB>,
  { action, visitId, requestId }: AuditEvent,
): Compilable<InsertResult> {
  return db.insertInto('audit_events').values({
    organisation_id: sql<string>`app.current_organisation()`,
    actor_id: sql<string>`app.current_user_id()`,
    actor_role: sql<string>`app.current_role()`,
    action,
    subject_type: 'visit',
    subject_id: visitId,
    request_id: requestId,
  });
}

import type { FastifyInstance } from 'fastify';
import type { Database } from '../database';
import type { Identities } from '../identity';
import { Problem } from '../problem';
import type { Session } from '../queries/catalogue';
import type { VisitRow } from '../queries/visits';
import { codeOf, constraintOf } from '../sql-error';
import { newVisit, oneVisit, placeAfter, read, visitList } from './requests';

/** What the routes of visits work with. */
export interface VisitParts {
  /** The database. */
  readonly database: Pick<Database, 'actFor'>;
  /** Who is calling. */
  readonly identities: Identities;
}

/**
 * Appointments: list, make, look at. What a person may see and do is decided by row-level security; each use leaves
 * an audit row in the same transaction, so that there is none without the other.
 */
export function visitRoutes(app: FastifyInstance, { database, identities }: VisitParts): void {
  app.get('/v1/visits', async (request) => {
    const person = await identities.identify(request.headers.authorization);
    const asked = read(visitList, request.query);
    return database.actFor(person, async (session) => {
      const rows = await session.run('listVisits', asked);
      await session.run('writeAuditEvent', { action: 'visit.listed', visitId: null, requestId: request.id });
      const last = rows.length === asked.limit ? rows.at(-1) : undefined;
      return { visits: rows.map(visitOf), ...(last && { next: placeAfter(last) }) };
    });
  });

  app.post('/v1/visits', async (request, reply) => {
    const person = await identities.identify(request.headers.authorization);
    const asked = read(newVisit, request.body);
    const row = await database.actFor(person, async (session) => {
      const made = await makeVisit(session, asked).catch((error: unknown) => {
        throw problemOf(error);
      });
      await session.run('writeAuditEvent', {
        action: 'visit.created',
        visitId: made.id,
        requestId: request.id,
      });
      return made;
    });
    return reply.code(201).header('location', `/v1/visits/${row.id}`).send(visitOf(row));
  });

  app.get('/v1/visits/:id', async (request) => {
    const person = await identities.identify(request.headers.authorization);
    const { id } = read(oneVisit, request.params);
    return database.actFor(person, async (session) => {
      const [row] = await session.run('findVisit', { id });
      if (!row) throw new Problem(404, 'Not Found');
      await session.run('writeAuditEvent', { action: 'visit.read', visitId: id, requestId: request.id });
      return visitOf(row);
    });
  });
}

async function makeVisit(session: Session, asked: ReturnType<typeof newVisit.parse>): Promise<VisitRow> {
  const { clinicianId, scheduledAt: from } = asked;
  const to = new Date(from.getTime() + asked.durationMinutes * 60_000);
  // Two requests for the same minutes would each find them free.
  await session.run('lockClinician', { clinicianId });
  if ((await session.run('findOverlap', { clinicianId, from, to })).length > 0)
    throw new Problem(409, 'Conflict', 'The clinician has another visit in these minutes.');
  const [row] = await session.run('createVisit', {
    patient_id: asked.patientId,
    clinician_id: clinicianId,
    consult_id: asked.consultId ?? null,
    scheduled_at: from,
    duration_minutes: asked.durationMinutes,
    modality: asked.modality,
    reason_code: asked.reasonCode ?? null,
  });
  if (!row) throw new Error('The database answered no row.');
  return row;
}

/** What a broken constraint says of the request, by the constraint's name. */
const UNKNOWN: Readonly<Record<string, string>> = {
  visits_patient: 'patientId is no patient of the organisation.',
  visits_clinician: 'clinicianId is nobody of the organisation.',
  visits_consult: 'consultId is no consult of the organisation.',
};

function problemOf(error: unknown): unknown {
  const unknown = UNKNOWN[constraintOf(error)];
  if (unknown !== undefined) return new Problem(422, 'The request cannot be carried out', unknown);
  if (codeOf(error) === '42501')
    return new Problem(403, 'Forbidden', 'The role may not make this appointment.');
  return error;
}

/** A visit as the API tells it. */
function visitOf(row: VisitRow): object {
  return {
    id: row.id,
    patientId: row.patient_id,
    clinicianId: row.clinician_id,
    consultId: row.consult_id,
    scheduledAt: row.scheduled_at,
    endsAt: row.ends_at,
    durationMinutes: row.duration_minutes,
    modality: row.modality,
    status: row.status,
    reasonCode: row.reason_code,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

import type { Client } from 'pg';

/** How much to make. */
export interface Amounts {
  /** Organisations; each gets the same share of the rest. */
  readonly organisations: number;
  /** Patients of an organisation. */
  readonly patients: number;
  /** Visits of a patient, and a consult, a document, a notification and a signature for every other visit. */
  readonly visits: number;
}

/**
 * Fills a schema with rows as a practice has them, whichever of the shipped migrations are applied: names from a
 * short list, times over two years, every status and every way to meet, some optional columns empty. The same
 * amounts make the same rows but for ids. Runs as the role that owns the tables.
 */
export async function fill(client: Client, { organisations, patients, visits }: Amounts): Promise<void> {
  const { rows } = await client.query<{ phone: boolean }>(
    `SELECT EXISTS (SELECT FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = 'patients' AND column_name = 'phone') AS phone`,
  );
  const phone = rows[0]?.phone === true;
  const steps: readonly (readonly [string, readonly unknown[]])[] = [
    [
      `INSERT INTO organisations (slug, name)
       SELECT format('clinic-%s', n), format('Clinic %s', n) FROM generate_series(1, $1::integer) AS n`,
      [organisations],
    ],
    [
      `INSERT INTO users (id, organisation_id, role, display_name, email)
       SELECT gen_random_uuid(), o.id, r.role, 'Colleague ' || r.place, format('colleague-%s@%s.test', r.place, o.slug)
       FROM organisations AS o, unnest(ARRAY['ORG_ADMIN', 'DOCTOR', 'DOCTOR', 'PHARMACIST', 'AUDITOR', 'SUPPORT'])
         WITH ORDINALITY AS r (role, place)`,
      [],
    ],
    [
      `INSERT INTO patients (organisation_id, given_name, family_name, date_of_birth, email, state, time_zone
         ${phone ? ', phone' : ''})
       SELECT o.id, (ARRAY['Ada', 'Bo', 'Cleo', 'Dag', 'Eva', 'Finn'])[1 + n % 6],
         (ARRAY['Ash', 'Birch', 'Cedar', 'Elm', 'Fir', 'Hazel', 'Oak'])[1 + n % 7],
         date '1940-01-01' + (n * 37) % 25000,
         CASE WHEN n % 4 > 0 THEN format('patient-%s@example.test', n) END,
         (ARRAY['NY', 'CA', 'TX', 'FL', 'WA'])[1 + n % 5],
         (ARRAY['America/New_York', 'America/Los_Angeles', 'America/Chicago'])[1 + n % 3]
         ${phone ? ", CASE WHEN n % 5 > 0 THEN '+1555' || lpad(n::text, 7, '0') END" : ''}
       FROM organisations AS o, generate_series(1, $1::integer) AS n`,
      [patients],
    ],
    [
      `WITH clinicians AS (
         SELECT organisation_id, array_agg(id ORDER BY email) AS ids FROM users WHERE role = 'DOCTOR' GROUP BY 1
       )
       INSERT INTO visits (organisation_id, patient_id, clinician_id, scheduled_at, duration_minutes, modality, status,
         reason_code, started_at, ended_at, created_by)
       SELECT p.organisation_id, p.id, c.ids[1 + n % 2], s.at, 15 + 15 * (n % 8),
         (ARRAY['VIDEO', 'AUDIO', 'PHONE'])[1 + n % 3],
         (ARRAY['SCHEDULED', 'ACTIVE', 'COMPLETED', 'CANCELLED', 'NO_SHOW', 'TECHNICAL'])[1 + n % 6],
         CASE WHEN n % 2 = 0 THEN 'R' || n % 100 END,
         CASE WHEN n % 6 IN (1, 2) THEN s.at END, CASE WHEN n % 6 = 2 THEN s.at + interval '20 min' END,
         c.ids[1 + n % 2]
       FROM patients AS p JOIN clinicians AS c USING (organisation_id),
         generate_series(1, $1::integer) AS n,
         LATERAL (SELECT timestamptz '2025-01-01 08:00Z'
           + make_interval(hours => (hashtext(p.id::text) & 16383), mins => 15 * n) AS at) AS s`,
      [visits],
    ],
    [
      `INSERT INTO consults (organisation_id, patient_id, clinician_id, status, complaint_encrypted)
       SELECT organisation_id, patient_id, clinician_id, 'IN_REVIEW', sha256(convert_to(id::text, 'UTF8'))
       FROM visits WHERE duration_minutes % 30 = 0`,
      [],
    ],
    [
      `INSERT INTO notifications (organisation_id, visit_id, channel, template, status)
       SELECT organisation_id, id, CASE modality WHEN 'PHONE' THEN 'SMS' ELSE 'EMAIL' END, 'visit_link', 'SENT'
       FROM visits WHERE duration_minutes % 30 = 0`,
      [],
    ],
    [
      `INSERT INTO one_time_tokens (organisation_id, visit_id, party, secret_sha256, expires_at, created_by)
       SELECT organisation_id, id, 'PATIENT', sha256(uuid_send(id)), now() + interval '20 min', created_by
       FROM visits WHERE status = 'SCHEDULED'`,
      [],
    ],
    [
      `INSERT INTO documents (organisation_id, patient_id, category, title, storage_key, sha256, size_bytes, media_type,
         created_by)
       SELECT organisation_id, patient_id, 'NOTE', 'Summary of a visit', 'notes/' || id, sha256(uuid_send(id)), 2048,
         'application/pdf', clinician_id
       FROM visits WHERE status = 'COMPLETED'`,
      [],
    ],
    [
      `INSERT INTO signature_events (organisation_id, actor_id, actor_role, entity, entity_id, document_id,
         document_sha256, signature_type, kms_key_id, kms_signature)
       SELECT organisation_id, created_by, 'DOCTOR', 'DOCUMENT', id, id, sha256, 'TOTP_KMS', 'alias/signing', sha256
       FROM documents`,
      [],
    ],
    [
      `INSERT INTO audit_events (organisation_id, actor_id, actor_role, action, subject_type, subject_id)
       SELECT organisation_id, created_by, 'DOCTOR', 'visit.created', 'visit', id FROM visits`,
      [],
    ],
  ];
  for (const [sql, values] of steps) await client.query(sql, [...values]);
}

-- migrate: phase=expand reversible=lossy

-- The first schema. What holds for all of it:
-- * Ids are uuid. users.id is the person's `sub` in the user pool; every other id is made here.
-- * Every table has forced row-level security. A transaction says for whom it works with
--   set_config('app.organisation_id' | 'app.user_id' | 'app.role', ..., true); without that there are no rows.
-- * Foreign keys carry the organisation: PostgreSQL checks them past row-level security, so a bare id would let one
--   organisation's row point at another's.
-- * Nothing is deleted by cascade, and telehealth_api is granted each verb, and each column it may change, by name.
-- * Closed sets are text with a CHECK, not enums: a value can then be added and taken away again by an ordinary
--   migration, where an enum never loses one.
-- * A column's comment begins with PHI, PII or Internal. PHI tells of a patient, PII of anybody else.

CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'Functions of row-level security, of triggers and of provisioning. No tables.';

-- ---------------------------------------------------------------------------------------------------- who is asking

CREATE FUNCTION app.current_organisation() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = ''
  AS $$ SELECT CASE WHEN pg_input_is_valid(s, 'uuid') THEN s::uuid END
        FROM current_setting('app.organisation_id', true) AS s $$;
COMMENT ON FUNCTION app.current_organisation() IS 'Organisation that the transaction works for; NULL when none is set.';

CREATE FUNCTION app.current_user_id() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = ''
  AS $$ SELECT CASE WHEN pg_input_is_valid(s, 'uuid') THEN s::uuid END
        FROM current_setting('app.user_id', true) AS s $$;
COMMENT ON FUNCTION app.current_user_id() IS 'Person that the transaction works for; NULL when none is set.';

CREATE FUNCTION app.current_role() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = ''
  AS $$ SELECT nullif(current_setting('app.role', true), '') $$;
COMMENT ON FUNCTION app.current_role() IS 'Role that the person acts in; NULL when none is set.';

CREATE FUNCTION app.acts_as(VARIADIC roles text[]) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = ''
  AS $$ SELECT coalesce(app.current_role() = ANY (roles), false) $$;
COMMENT ON FUNCTION app.acts_as(text[]) IS 'Whether the person acts in one of these roles.';

CREATE FUNCTION app.is_administrator() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = ''
  AS $$ SELECT app.acts_as('SUPER_ADMIN', 'ADMIN', 'ORG_ADMIN') $$;
COMMENT ON FUNCTION app.is_administrator() IS 'Whether the person administers the organisation.';

REVOKE EXECUTE ON FUNCTION app.current_organisation(), app.current_user_id(), app.current_role(),
  app.acts_as(text[]), app.is_administrator() FROM PUBLIC;

-- --------------------------------------------------------------------------------------------------------- triggers

CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF current_user <> 'telehealth_migrator' THEN
    NEW.updated_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION app.touch() IS 'Notes the moment of a change, unless it is a migration''s: a backfill is nobody''s news.';

-- Retention: 7 years, 2557 days. The moment is the server's own, so a row cannot be made older than it is.
CREATE FUNCTION app.keep_record() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND OLD.recorded_at < clock_timestamp() - interval '2557 days' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% of % is refused: its rows are kept for 2557 days, unchanged', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION app.keep_record() IS
  'Refuses to change, truncate or, before 2557 days have passed, delete; for the owner of the table too.';

REVOKE EXECUTE ON FUNCTION app.touch(), app.keep_record() FROM PUBLIC;

-- ---------------------------------------------------------------------------------------------------- organisations

CREATE TABLE organisations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  slug text NOT NULL UNIQUE CONSTRAINT organisations_slug_form CHECK (slug ~ '^[a-z0-9-]{2,36}$'),
  name text NOT NULL CONSTRAINT organisations_name_length CHECK (length(name) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE organisations IS 'Practices that see patients. Made by operators, never by the API.';
COMMENT ON COLUMN organisations.id IS 'Internal: the organisation.';
COMMENT ON COLUMN organisations.slug IS 'Internal: its name in tokens, the claim org_id.';
COMMENT ON COLUMN organisations.name IS 'Internal: its name for people.';
COMMENT ON COLUMN organisations.created_at IS 'Internal: when the row was made.';
COMMENT ON COLUMN organisations.updated_at IS 'Internal: when the row was last changed.';
CREATE TRIGGER touch BEFORE UPDATE ON organisations FOR EACH ROW EXECUTE FUNCTION app.touch();

-- ------------------------------------------------------------------------------------------------------------ users

CREATE TABLE users (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations,
  role text NOT NULL CONSTRAINT users_role_known CHECK (role IN ('SUPER_ADMIN', 'ADMIN', 'ORG_ADMIN', 'DOCTOR',
    'PHARMACIST', 'LAB_TECH', 'AUDITOR', 'SUPPORT', 'MARKETER_ADMIN', 'MARKETER')),
  display_name text CONSTRAINT users_display_name_length CHECK (length(display_name) BETWEEN 1 AND 200),
  email text CONSTRAINT users_email_length CHECK (length(email) BETWEEN 3 AND 254),
  deactivated_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_organisation_key UNIQUE (organisation_id, id)
);
CREATE INDEX users_organisation_role ON users (organisation_id, role);
COMMENT ON TABLE users IS 'People who work for an organisation. The user pool knows who they are; this is what rows refer to.';
COMMENT ON COLUMN users.id IS 'Internal: the person, as the claim sub.';
COMMENT ON COLUMN users.organisation_id IS 'Internal: whom the person works for.';
COMMENT ON COLUMN users.role IS 'Internal: what the person is, as the newest token said.';
COMMENT ON COLUMN users.display_name IS 'PII: what colleagues call the person.';
COMMENT ON COLUMN users.email IS 'PII: address of the person.';
COMMENT ON COLUMN users.deactivated_at IS 'Internal: from when the person may not work here any more.';
COMMENT ON COLUMN users.created_at IS 'Internal: when the row was made.';
COMMENT ON COLUMN users.updated_at IS 'Internal: when the row was last changed.';
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION app.touch();

-- --------------------------------------------------------------------------------------------------------- patients

CREATE TABLE patients (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations,
  given_name text NOT NULL CONSTRAINT patients_given_name_length CHECK (length(given_name) BETWEEN 1 AND 200),
  family_name text NOT NULL CONSTRAINT patients_family_name_length CHECK (length(family_name) BETWEEN 1 AND 200),
  date_of_birth date NOT NULL,
  email text CONSTRAINT patients_email_length CHECK (length(email) BETWEEN 3 AND 254),
  phone text CONSTRAINT patients_phone_form CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  state text NOT NULL CONSTRAINT patients_state_form CHECK (state ~ '^[A-Z]{2}$'),
  time_zone text NOT NULL DEFAULT 'America/New_York',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT patients_organisation_key UNIQUE (organisation_id, id)
);
CREATE INDEX patients_organisation_name ON patients (organisation_id, family_name, given_name);
CREATE INDEX patients_organisation_phone ON patients (organisation_id, phone) WHERE phone IS NOT NULL;
COMMENT ON TABLE patients IS 'People who are seen.';
COMMENT ON COLUMN patients.id IS 'PHI: the patient.';
COMMENT ON COLUMN patients.organisation_id IS 'Internal: who sees the patient.';
COMMENT ON COLUMN patients.given_name IS 'PHI: given name.';
COMMENT ON COLUMN patients.family_name IS 'PHI: family name.';
COMMENT ON COLUMN patients.date_of_birth IS 'PHI: date of birth.';
COMMENT ON COLUMN patients.email IS 'PHI: address for links and notices.';
COMMENT ON COLUMN patients.phone IS 'PHI: number for links and calls, E.164.';
COMMENT ON COLUMN patients.state IS 'PHI: state that the patient is in, which decides who may see them.';
COMMENT ON COLUMN patients.time_zone IS 'PHI: time zone that times are told in, by its IANA name.';
COMMENT ON COLUMN patients.created_at IS 'Internal: when the row was made.';
COMMENT ON COLUMN patients.updated_at IS 'Internal: when the row was last changed.';
CREATE TRIGGER touch BEFORE UPDATE ON patients FOR EACH ROW EXECUTE FUNCTION app.touch();

-- --------------------------------------------------------------------------------------------------------- consults

CREATE TABLE consults (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations,
  patient_id uuid NOT NULL,
  clinician_id uuid,
  status text NOT NULL DEFAULT 'OPEN'
    CONSTRAINT consults_status_known CHECK (status IN ('OPEN', 'IN_REVIEW', 'APPROVED', 'DECLINED', 'CLOSED')),
  complaint_encrypted bytea,
  notes_encrypted bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT consults_organisation_key UNIQUE (organisation_id, id),
  CONSTRAINT consults_patient FOREIGN KEY (organisation_id, patient_id) REFERENCES patients (organisation_id, id),
  CONSTRAINT consults_clinician FOREIGN KEY (organisation_id, clinician_id) REFERENCES users (organisation_id, id)
);
CREATE INDEX consults_patient_created ON consults (organisation_id, patient_id, created_at);
CREATE INDEX consults_clinician_status ON consults (organisation_id, clinician_id, status);
COMMENT ON TABLE consults IS 'What a patient asks for, from the first word to the last.';
COMMENT ON COLUMN consults.id IS 'PHI: the consult.';
COMMENT ON COLUMN consults.organisation_id IS 'Internal: who was asked.';
COMMENT ON COLUMN consults.patient_id IS 'PHI: who asks.';
COMMENT ON COLUMN consults.clinician_id IS 'PHI: who took it.';
COMMENT ON COLUMN consults.status IS 'PHI: how far it is.';
COMMENT ON COLUMN consults.complaint_encrypted IS 'PHI: what the patient says; the application encrypts it.';
COMMENT ON COLUMN consults.notes_encrypted IS 'PHI: what the clinician says; the application encrypts it.';
COMMENT ON COLUMN consults.created_at IS 'PHI: when the patient asked.';
COMMENT ON COLUMN consults.updated_at IS 'PHI: when the row was last changed.';
CREATE TRIGGER touch BEFORE UPDATE ON consults FOR EACH ROW EXECUTE FUNCTION app.touch();

-- ----------------------------------------------------------------------------------------------------------- visits

CREATE TABLE visits (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations,
  patient_id uuid NOT NULL,
  clinician_id uuid NOT NULL,
  consult_id uuid,
  scheduled_at timestamptz(3) NOT NULL,
  duration_minutes integer NOT NULL DEFAULT 30
    CONSTRAINT visits_duration_range CHECK (duration_minutes BETWEEN 15 AND 120),
  modality text NOT NULL DEFAULT 'VIDEO'
    CONSTRAINT visits_modality_known CHECK (modality IN ('VIDEO', 'AUDIO', 'PHONE')),
  status text NOT NULL DEFAULT 'SCHEDULED' CONSTRAINT visits_status_known
    CHECK (status IN ('SCHEDULED', 'ACTIVE', 'COMPLETED', 'CANCELLED', 'NO_SHOW', 'TECHNICAL')),
  reason_code text CONSTRAINT visits_reason_code_form CHECK (reason_code ~ '^[A-Z][A-Z0-9_.-]{0,31}$'),
  started_at timestamptz,
  ended_at timestamptz,
  meeting_id text UNIQUE,
  recording_consent boolean NOT NULL DEFAULT false,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT visits_organisation_key UNIQUE (organisation_id, id),
  CONSTRAINT visits_patient FOREIGN KEY (organisation_id, patient_id) REFERENCES patients (organisation_id, id),
  CONSTRAINT visits_clinician FOREIGN KEY (organisation_id, clinician_id) REFERENCES users (organisation_id, id),
  CONSTRAINT visits_creator FOREIGN KEY (organisation_id, created_by) REFERENCES users (organisation_id, id),
  CONSTRAINT visits_consult FOREIGN KEY (organisation_id, consult_id) REFERENCES consults (organisation_id, id)
);
CREATE INDEX visits_organisation_scheduled ON visits (organisation_id, scheduled_at, id);
CREATE INDEX visits_clinician_scheduled ON visits (organisation_id, clinician_id, scheduled_at);
CREATE INDEX visits_patient_scheduled ON visits (organisation_id, patient_id, scheduled_at);
CREATE INDEX visits_consult ON visits (organisation_id, consult_id) WHERE consult_id IS NOT NULL;
CREATE INDEX visits_creator ON visits (organisation_id, created_by);
COMMENT ON TABLE visits IS 'Appointments between a patient and a clinician, by video, sound or telephone.';
COMMENT ON COLUMN visits.id IS 'PHI: the visit.';
COMMENT ON COLUMN visits.organisation_id IS 'Internal: who sees the patient.';
COMMENT ON COLUMN visits.patient_id IS 'PHI: who is seen.';
COMMENT ON COLUMN visits.clinician_id IS 'PHI: who sees the patient.';
COMMENT ON COLUMN visits.consult_id IS 'PHI: the consult that it belongs to.';
COMMENT ON COLUMN visits.scheduled_at IS 'PHI: when it is to begin, to the millisecond, as JavaScript has it.';
COMMENT ON COLUMN visits.duration_minutes IS 'PHI: how long it is to take, in minutes.';
COMMENT ON COLUMN visits.modality IS 'PHI: how they meet.';
COMMENT ON COLUMN visits.status IS 'PHI: how far it is.';
COMMENT ON COLUMN visits.reason_code IS 'PHI: why, as a code of the organisation; never free text.';
COMMENT ON COLUMN visits.started_at IS 'PHI: when it began.';
COMMENT ON COLUMN visits.ended_at IS 'PHI: when it ended.';
COMMENT ON COLUMN visits.meeting_id IS 'PHI: the Chime SDK meeting.';
COMMENT ON COLUMN visits.recording_consent IS 'PHI: whether the patient agreed to a recording.';
COMMENT ON COLUMN visits.created_by IS 'Internal: who made the appointment.';
COMMENT ON COLUMN visits.created_at IS 'PHI: when the appointment was made.';
COMMENT ON COLUMN visits.updated_at IS 'PHI: when the row was last changed.';
CREATE TRIGGER touch BEFORE UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION app.touch();

-- -------------------------------------------------------------------------------------------------- one-time tokens

CREATE TABLE one_time_tokens (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations,
  visit_id uuid NOT NULL,
  party text NOT NULL CONSTRAINT one_time_tokens_party_known CHECK (party IN ('PATIENT', 'GUEST', 'CLINICIAN')),
  secret_sha256 bytea NOT NULL UNIQUE
    CONSTRAINT one_time_tokens_secret_length CHECK (octet_length(secret_sha256) = 32),
  expires_at timestamptz NOT NULL,
  redeemed_at timestamptz,
  revoked_at timestamptz,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT one_time_tokens_life CHECK (expires_at > created_at AND expires_at <= created_at + interval '30 minutes'),
  CONSTRAINT one_time_tokens_one_end CHECK (redeemed_at IS NULL OR revoked_at IS NULL),
  CONSTRAINT one_time_tokens_visit FOREIGN KEY (organisation_id, visit_id) REFERENCES visits (organisation_id, id),
  CONSTRAINT one_time_tokens_creator FOREIGN KEY (organisation_id, created_by) REFERENCES users (organisation_id, id)
);
CREATE INDEX one_time_tokens_visit ON one_time_tokens (organisation_id, visit_id);
CREATE INDEX one_time_tokens_creator ON one_time_tokens (organisation_id, created_by);
COMMENT ON TABLE one_time_tokens IS 'Links into a visit, each for one use. The secret is in the link only.';
COMMENT ON COLUMN one_time_tokens.id IS 'Internal: the token, its claim jti.';
COMMENT ON COLUMN one_time_tokens.organisation_id IS 'Internal: whose visit it is.';
COMMENT ON COLUMN one_time_tokens.visit_id IS 'PHI: the visit that it opens.';
COMMENT ON COLUMN one_time_tokens.party IS 'PHI: as what it lets somebody in.';
COMMENT ON COLUMN one_time_tokens.secret_sha256 IS 'Internal: SHA-256 of the secret in the link, at least 32 random bytes.';
COMMENT ON COLUMN one_time_tokens.expires_at IS 'Internal: until when it opens.';
COMMENT ON COLUMN one_time_tokens.redeemed_at IS 'PHI: when it was used.';
COMMENT ON COLUMN one_time_tokens.revoked_at IS 'Internal: when it was taken back.';
COMMENT ON COLUMN one_time_tokens.created_by IS 'Internal: who gave it out.';
COMMENT ON COLUMN one_time_tokens.created_at IS 'Internal: when it was given out.';

-- ----------------------------------------------------------------------------------------------------- audit events

CREATE TABLE audit_events (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations,
  actor_id uuid,
  actor_role text CONSTRAINT audit_events_actor_role_form CHECK (actor_role ~ '^[A-Z][A-Z_]{1,31}$'),
  action text NOT NULL CONSTRAINT audit_events_action_form CHECK (action ~ '^[a-z][a-z_]*(\.[a-z][a-z_]*)+$'),
  outcome text NOT NULL DEFAULT 'SUCCESS'
    CONSTRAINT audit_events_outcome_known CHECK (outcome IN ('SUCCESS', 'REFUSED', 'FAILED')),
  subject_type text NOT NULL CONSTRAINT audit_events_subject_type_form CHECK (subject_type ~ '^[a-z][a-z_]{1,31}$'),
  subject_id uuid,
  request_id text CONSTRAINT audit_events_request_id_length CHECK (length(request_id) <= 64),
  detail jsonb NOT NULL DEFAULT '{}' CONSTRAINT audit_events_detail_object CHECK (jsonb_typeof(detail) = 'object'),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX audit_events_organisation_recorded ON audit_events (organisation_id, recorded_at);
CREATE INDEX audit_events_subject ON audit_events (organisation_id, subject_id, recorded_at);
CREATE INDEX audit_events_actor ON audit_events (organisation_id, actor_id, recorded_at);
COMMENT ON TABLE audit_events IS
  'Who did what to what. It refers to people and things by id without a foreign key: their going must not touch it.';
COMMENT ON COLUMN audit_events.id IS 'Internal: the event.';
COMMENT ON COLUMN audit_events.organisation_id IS 'Internal: where it happened.';
COMMENT ON COLUMN audit_events.actor_id IS 'Internal: who did it; NULL for somebody with a link, and for the platform.';
COMMENT ON COLUMN audit_events.actor_role IS 'Internal: in which role.';
COMMENT ON COLUMN audit_events.action IS 'Internal: what was done, such as visit.created.';
COMMENT ON COLUMN audit_events.outcome IS 'Internal: whether it was done.';
COMMENT ON COLUMN audit_events.subject_type IS 'Internal: kind of thing that it was done to.';
COMMENT ON COLUMN audit_events.subject_id IS 'PHI: the thing that it was done to.';
COMMENT ON COLUMN audit_events.request_id IS 'Internal: the request, as the log names it.';
COMMENT ON COLUMN audit_events.detail IS 'PHI: what changed, in codes; never names or free text.';
COMMENT ON COLUMN audit_events.recorded_at IS 'PHI: when, by the clock of the database.';
CREATE TRIGGER keep_rows BEFORE INSERT OR UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION app.keep_record();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION app.keep_record();
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER keep_rows;
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER keep_table;

-- The change and its audit row are one transaction. It runs with the rights of whoever changes the visit: anybody
-- who may do that may also write down that they did.
CREATE FUNCTION app.audit_modality() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  INSERT INTO public.audit_events (organisation_id, actor_id, actor_role, action, subject_type, subject_id, detail)
  VALUES (NEW.organisation_id, app.current_user_id(), app.current_role(), 'visit.modality_changed', 'visit', NEW.id,
    jsonb_build_object('from', OLD.modality, 'to', NEW.modality));
  RETURN NULL;
END $$;
COMMENT ON FUNCTION app.audit_modality() IS 'Writes an audit row when the way of meeting changes.';
REVOKE EXECUTE ON FUNCTION app.audit_modality() FROM PUBLIC;
CREATE TRIGGER audit_modality AFTER UPDATE OF modality ON visits FOR EACH ROW
  WHEN (OLD.modality IS DISTINCT FROM NEW.modality) EXECUTE FUNCTION app.audit_modality();

-- -------------------------------------------------------------------------------------------------------- documents

CREATE TABLE documents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations,
  patient_id uuid NOT NULL,
  category text NOT NULL CONSTRAINT documents_category_known
    CHECK (category IN ('RX', 'LAB_ORDER', 'LAB_RESULT', 'CONSENT', 'NOTE', 'OTHER')),
  title text NOT NULL CONSTRAINT documents_title_length CHECK (length(title) BETWEEN 1 AND 200),
  storage_key text NOT NULL UNIQUE CONSTRAINT documents_storage_key_length CHECK (length(storage_key) <= 1024),
  sha256 bytea NOT NULL CONSTRAINT documents_sha256_length CHECK (octet_length(sha256) = 32),
  size_bytes bigint NOT NULL CONSTRAINT documents_size_positive CHECK (size_bytes > 0),
  media_type text NOT NULL CONSTRAINT documents_media_type_form CHECK (media_type ~ '^[a-z]+/[a-z0-9.+-]{1,100}$'),
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT documents_organisation_key UNIQUE (organisation_id, id),
  CONSTRAINT documents_patient FOREIGN KEY (organisation_id, patient_id) REFERENCES patients (organisation_id, id),
  CONSTRAINT documents_creator FOREIGN KEY (organisation_id, created_by) REFERENCES users (organisation_id, id)
);
CREATE INDEX documents_patient_category ON documents (organisation_id, patient_id, category);
CREATE INDEX documents_creator ON documents (organisation_id, created_by);
COMMENT ON TABLE documents IS 'Files in the documents bucket. One is never changed; a correction is another document.';
COMMENT ON COLUMN documents.id IS 'PHI: the document.';
COMMENT ON COLUMN documents.organisation_id IS 'Internal: whose file it is.';
COMMENT ON COLUMN documents.patient_id IS 'PHI: whom it tells of.';
COMMENT ON COLUMN documents.category IS 'PHI: what kind of document it is.';
COMMENT ON COLUMN documents.title IS 'PHI: what it is called.';
COMMENT ON COLUMN documents.storage_key IS 'PHI: key of the object in the bucket.';
COMMENT ON COLUMN documents.sha256 IS 'PHI: SHA-256 of its bytes.';
COMMENT ON COLUMN documents.size_bytes IS 'Internal: its length, in bytes.';
COMMENT ON COLUMN documents.media_type IS 'Internal: its media type.';
COMMENT ON COLUMN documents.created_by IS 'Internal: who filed it.';
COMMENT ON COLUMN documents.created_at IS 'PHI: when it was filed.';

-- ------------------------------------------------------------------------------------------------- signature events

CREATE TABLE signature_chains (
  organisation_id uuid PRIMARY KEY REFERENCES organisations,
  length bigint NOT NULL CONSTRAINT signature_chains_length_positive CHECK (length >= 0),
  head bytea NOT NULL CONSTRAINT signature_chains_head_length CHECK (octet_length(head) = 32)
);
COMMENT ON TABLE signature_chains IS 'End of each organisation''s chain of signatures. Only the trigger of signature_events writes it.';
COMMENT ON COLUMN signature_chains.organisation_id IS 'Internal: whose chain it is.';
COMMENT ON COLUMN signature_chains.length IS 'Internal: how many signatures it holds.';
COMMENT ON COLUMN signature_chains.head IS 'Internal: hash of its last signature.';

CREATE TABLE signature_events (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations,
  chain_position bigint NOT NULL,
  actor_id uuid NOT NULL,
  actor_role text NOT NULL CONSTRAINT signature_events_actor_role_form CHECK (actor_role ~ '^[A-Z][A-Z_]{1,31}$'),
  entity text NOT NULL CONSTRAINT signature_events_entity_known CHECK (entity IN ('RX', 'LAB_ORDER', 'DOCUMENT')),
  entity_id uuid NOT NULL,
  document_id uuid NOT NULL,
  document_sha256 bytea NOT NULL CONSTRAINT signature_events_sha256_length CHECK (octet_length(document_sha256) = 32),
  signature_type text NOT NULL CONSTRAINT signature_events_type_known
    CHECK (signature_type IN ('WEBAUTHN_KMS', 'TOTP_KMS', 'PASSWORD_KMS')),
  kms_key_id text NOT NULL CONSTRAINT signature_events_key_length CHECK (length(kms_key_id) BETWEEN 1 AND 2048),
  kms_signature bytea NOT NULL
    CONSTRAINT signature_events_signature_length CHECK (octet_length(kms_signature) BETWEEN 1 AND 1024),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT signature_events_position UNIQUE (organisation_id, chain_position),
  CONSTRAINT signature_events_no_fork UNIQUE (organisation_id, previous_hash),
  CONSTRAINT signature_events_actor FOREIGN KEY (organisation_id, actor_id) REFERENCES users (organisation_id, id),
  CONSTRAINT signature_events_document FOREIGN KEY (organisation_id, document_id)
    REFERENCES documents (organisation_id, id)
);
CREATE INDEX signature_events_entity ON signature_events (organisation_id, entity, entity_id);
CREATE INDEX signature_events_actor ON signature_events (organisation_id, actor_id, recorded_at);
CREATE INDEX signature_events_document ON signature_events (organisation_id, document_id);
COMMENT ON TABLE signature_events IS 'Electronic signatures, each bound to the one before by its hash.';
COMMENT ON COLUMN signature_events.id IS 'Internal: the signature.';
COMMENT ON COLUMN signature_events.organisation_id IS 'Internal: whose chain it is in.';
COMMENT ON COLUMN signature_events.chain_position IS 'Internal: its place in the chain, from 1. The database sets it.';
COMMENT ON COLUMN signature_events.actor_id IS 'Internal: who signed.';
COMMENT ON COLUMN signature_events.actor_role IS 'Internal: in which role.';
COMMENT ON COLUMN signature_events.entity IS 'PHI: kind of thing that was signed.';
COMMENT ON COLUMN signature_events.entity_id IS 'PHI: the thing that was signed.';
COMMENT ON COLUMN signature_events.document_id IS 'PHI: the document that was signed.';
COMMENT ON COLUMN signature_events.document_sha256 IS 'PHI: SHA-256 of the document as it was signed.';
COMMENT ON COLUMN signature_events.signature_type IS 'Internal: how the person proved themselves.';
COMMENT ON COLUMN signature_events.kms_key_id IS 'Internal: the KMS key that signed.';
COMMENT ON COLUMN signature_events.kms_signature IS 'Internal: what the key made.';
COMMENT ON COLUMN signature_events.recorded_at IS 'PHI: when, by the clock of the database.';
COMMENT ON COLUMN signature_events.previous_hash IS 'Internal: hash of the signature before; zeros at the beginning. The database sets it.';
COMMENT ON COLUMN signature_events.hash IS 'Internal: SHA-256 over this signature and the hash before. The database sets it.';

-- Named columns, in a form that no setting of a session changes: columns that come later do not alter old hashes.
CREATE FUNCTION app.signature_hash(event public.signature_events) RETURNS bytea
  LANGUAGE sql IMMUTABLE SET search_path = ''
  AS $$ SELECT sha256(convert_to(jsonb_build_array(
          event.id, event.organisation_id, event.chain_position, event.actor_id, event.actor_role, event.entity,
          event.entity_id, event.document_id, encode(event.document_sha256, 'hex'), event.signature_type,
          event.kms_key_id, encode(event.kms_signature, 'hex'),
          (extract(epoch FROM event.recorded_at) * 1000000)::bigint, encode(event.previous_hash, 'hex'))::text,
        'UTF8')) $$;
COMMENT ON FUNCTION app.signature_hash(public.signature_events) IS 'Hash of a signature, over everything it says.';

-- The end of the chain is locked until the transaction is over, so a second signature of the organisation waits for
-- the first and then sees it. SECURITY DEFINER: whoever signs may not write the end of the chain by themselves.
CREATE FUNCTION app.chain_signature() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  chain public.signature_chains;
BEGIN
  INSERT INTO public.signature_chains (organisation_id, length, head)
  VALUES (NEW.organisation_id, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
  SELECT c.* INTO STRICT chain FROM public.signature_chains AS c
  WHERE c.organisation_id = NEW.organisation_id FOR UPDATE;
  NEW.chain_position := chain.length + 1;
  NEW.previous_hash := chain.head;
  NEW.recorded_at := clock_timestamp();
  NEW.hash := app.signature_hash(NEW);
  UPDATE public.signature_chains SET length = NEW.chain_position, head = NEW.hash
  WHERE organisation_id = NEW.organisation_id;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION app.chain_signature() IS 'Puts a signature at the end of its organisation''s chain.';

-- The oldest signatures may have gone, their time of keeping being over; the end is known from the chain's row.
CREATE FUNCTION app.first_broken_signature() RETURNS bigint
  LANGUAGE sql STABLE SET search_path = ''
  AS $$ SELECT min(broken.chain_position) FROM (
          SELECT link.chain_position FROM (
            SELECT e.chain_position, e.hash = app.signature_hash(e) AS whole,
              CASE WHEN e.chain_position = 1 THEN e.previous_hash = decode(repeat('00', 32), 'hex')
                ELSE coalesce(e.previous_hash = lag(e.hash) OVER chain
                  AND e.chain_position = lag(e.chain_position) OVER chain + 1, true) END AS joined
            FROM public.signature_events AS e
            WHERE e.organisation_id = app.current_organisation()
            WINDOW chain AS (ORDER BY e.chain_position)) AS link
          WHERE NOT (link.whole AND link.joined)
          UNION ALL
          SELECT c.length FROM public.signature_chains AS c
          WHERE c.organisation_id = app.current_organisation() AND c.length > 0 AND NOT EXISTS (
            SELECT FROM public.signature_events AS e
            WHERE e.organisation_id = c.organisation_id AND e.chain_position = c.length AND e.hash = c.head)
        ) AS broken $$;
COMMENT ON FUNCTION app.first_broken_signature() IS
  'Place of the first signature of the organisation that was altered, or is gone; NULL when all hold.';

REVOKE EXECUTE ON FUNCTION app.signature_hash(public.signature_events), app.chain_signature(),
  app.first_broken_signature() FROM PUBLIC;

-- Triggers fire in the order of their names: the chain's after the one that sets the moment.
CREATE TRIGGER keep_rows BEFORE INSERT OR UPDATE OR DELETE ON signature_events
  FOR EACH ROW EXECUTE FUNCTION app.keep_record();
CREATE TRIGGER keep_rows_then_chain BEFORE INSERT ON signature_events
  FOR EACH ROW EXECUTE FUNCTION app.chain_signature();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON signature_events
  FOR EACH STATEMENT EXECUTE FUNCTION app.keep_record();
ALTER TABLE signature_events ENABLE ALWAYS TRIGGER keep_rows;
ALTER TABLE signature_events ENABLE ALWAYS TRIGGER keep_rows_then_chain;
ALTER TABLE signature_events ENABLE ALWAYS TRIGGER keep_table;

-- ---------------------------------------------------------------------------------------------------- notifications

CREATE TABLE notifications (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations,
  visit_id uuid NOT NULL,
  channel text NOT NULL CONSTRAINT notifications_channel_known CHECK (channel IN ('SMS', 'EMAIL')),
  template text NOT NULL CONSTRAINT notifications_template_form CHECK (template ~ '^[a-z][a-z_]{1,63}$'),
  status text NOT NULL DEFAULT 'QUEUED'
    CONSTRAINT notifications_status_known CHECK (status IN ('QUEUED', 'SENT', 'DELIVERED', 'FAILED')),
  provider_message_id text CONSTRAINT notifications_message_length CHECK (length(provider_message_id) <= 200),
  sent_at timestamptz,
  delivered_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT notifications_visit FOREIGN KEY (organisation_id, visit_id) REFERENCES visits (organisation_id, id)
);
CREATE INDEX notifications_visit ON notifications (organisation_id, visit_id);
CREATE INDEX notifications_queue ON notifications (organisation_id, created_at) WHERE status = 'QUEUED';
CREATE INDEX notifications_message ON notifications (provider_message_id) WHERE provider_message_id IS NOT NULL;
COMMENT ON TABLE notifications IS 'Messages about a visit. They name a template; neither text nor address is kept.';
COMMENT ON COLUMN notifications.id IS 'Internal: the message.';
COMMENT ON COLUMN notifications.organisation_id IS 'Internal: whose message it is.';
COMMENT ON COLUMN notifications.visit_id IS 'PHI: the visit that it is about.';
COMMENT ON COLUMN notifications.channel IS 'PHI: how it was sent.';
COMMENT ON COLUMN notifications.template IS 'PHI: which text was sent.';
COMMENT ON COLUMN notifications.status IS 'PHI: how far it is.';
COMMENT ON COLUMN notifications.provider_message_id IS 'PHI: what the carrier calls it.';
COMMENT ON COLUMN notifications.sent_at IS 'PHI: when it was handed to the carrier.';
COMMENT ON COLUMN notifications.delivered_at IS 'PHI: when the carrier delivered it.';
COMMENT ON COLUMN notifications.created_at IS 'PHI: when it was asked for.';
COMMENT ON COLUMN notifications.updated_at IS 'Internal: when the row was last changed.';
CREATE TRIGGER touch BEFORE UPDATE ON notifications FOR EACH ROW EXECUTE FUNCTION app.touch();

-- --------------------------------------------------------------------------------------- functions with more rights

-- Who is at the door is known by a verified token, but not yet to the database: it holds the organisation's id, and
-- a person's row is made at their first request. An organisation is never made here.
CREATE FUNCTION app.admit(organisation_slug text, person uuid, person_role text) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  organisation uuid := (SELECT o.id FROM public.organisations AS o WHERE o.slug = organisation_slug);
  known public.users;
BEGIN
  IF organisation IS NULL THEN RETURN NULL; END IF;
  SELECT u.* INTO known FROM public.users AS u WHERE u.id = person;
  IF NOT FOUND THEN
    INSERT INTO public.users (id, organisation_id, role) VALUES (person, organisation, person_role)
    ON CONFLICT DO NOTHING;
    SELECT u.* INTO STRICT known FROM public.users AS u WHERE u.id = person;
  END IF;
  IF known.organisation_id <> organisation OR known.deactivated_at IS NOT NULL THEN RETURN NULL; END IF;
  IF known.role <> person_role THEN
    UPDATE public.users SET role = person_role, updated_at = clock_timestamp() WHERE id = person;
  END IF;
  RETURN organisation;
END $$;
COMMENT ON FUNCTION app.admit(text, uuid, text) IS
  'Id of the organisation that a person with a verified token works for, or NULL: it is unknown, or the person is another''s or deactivated.';

-- One UPDATE decides: of two at the same time the second sees what the first wrote.
CREATE FUNCTION app.redeem_token(secret bytea, request text DEFAULT NULL)
  RETURNS TABLE (token_id uuid, organisation_id uuid, visit_id uuid, party text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    WITH redeemed AS (
      UPDATE public.one_time_tokens AS t SET redeemed_at = clock_timestamp()
      WHERE t.secret_sha256 = sha256(secret) AND t.redeemed_at IS NULL AND t.revoked_at IS NULL
        AND t.expires_at > clock_timestamp()
      RETURNING t.id, t.organisation_id, t.visit_id, t.party
    ), noted AS (
      INSERT INTO public.audit_events (organisation_id, action, subject_type, subject_id, request_id, detail)
      SELECT r.organisation_id, 'token.redeemed', 'visit', r.visit_id, request,
        jsonb_build_object('token', r.id, 'party', r.party)
      FROM redeemed AS r
    )
    SELECT r.id, r.organisation_id, r.visit_id, r.party FROM redeemed AS r;
END $$;
COMMENT ON FUNCTION app.redeem_token(bytea, text) IS
  'Uses a token up and tells what it opens; no row when it is unknown, used, taken back or too old.';

CREATE FUNCTION app.provision_organisation(organisation_slug text, organisation_name text) RETURNS uuid
  LANGUAGE sql SET search_path = ''
  AS $$ INSERT INTO public.organisations (slug, name) VALUES (organisation_slug, organisation_name)
        ON CONFLICT (slug) DO UPDATE SET name = excluded.name RETURNING id $$;
COMMENT ON FUNCTION app.provision_organisation(text, text) IS
  'Makes an organisation, or renames it. For operators: the API may not call it.';

REVOKE EXECUTE ON FUNCTION app.admit(text, uuid, text), app.redeem_token(bytea, text),
  app.provision_organisation(text, text) FROM PUBLIC;

-- ----------------------------------------------------------------------------------------- row-level security

-- FORCE binds the owner too, so that nothing slips past by who asks; the migrator's own policy lets it change all rows.
ALTER TABLE organisations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON organisations TO telehealth_migrator USING (true) WITH CHECK (true);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON users TO telehealth_migrator USING (true) WITH CHECK (true);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE patients FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON patients TO telehealth_migrator USING (true) WITH CHECK (true);
ALTER TABLE consults ENABLE ROW LEVEL SECURITY;
ALTER TABLE consults FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON consults TO telehealth_migrator USING (true) WITH CHECK (true);
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE visits FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON visits TO telehealth_migrator USING (true) WITH CHECK (true);
ALTER TABLE one_time_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE one_time_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON one_time_tokens TO telehealth_migrator USING (true) WITH CHECK (true);
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON audit_events TO telehealth_migrator USING (true) WITH CHECK (true);
ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON documents TO telehealth_migrator USING (true) WITH CHECK (true);
ALTER TABLE signature_chains ENABLE ROW LEVEL SECURITY;
ALTER TABLE signature_chains FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON signature_chains TO telehealth_migrator USING (true) WITH CHECK (true);
ALTER TABLE signature_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE signature_events FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON signature_events TO telehealth_migrator USING (true) WITH CHECK (true);
ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON notifications TO telehealth_migrator USING (true) WITH CHECK (true);

-- The functions stand in sub-selects so that a statement asks them once, not once a row.

CREATE POLICY api_select ON organisations FOR SELECT TO telehealth_api
  USING (id = (SELECT app.current_organisation()));

CREATE POLICY api_select ON users FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation()));
CREATE POLICY api_update ON users FOR UPDATE TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND (id = (SELECT app.current_user_id()) OR (SELECT app.is_administrator())));

CREATE POLICY api_select ON patients FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation()) AND ((SELECT app.is_administrator())
    OR (SELECT app.acts_as('DOCTOR', 'PHARMACIST', 'LAB_TECH', 'SUPPORT'))));
CREATE POLICY api_insert ON patients FOR INSERT TO telehealth_api
  WITH CHECK (organisation_id = (SELECT app.current_organisation())
    AND ((SELECT app.is_administrator()) OR (SELECT app.acts_as('DOCTOR', 'SUPPORT'))));
CREATE POLICY api_update ON patients FOR UPDATE TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND ((SELECT app.is_administrator()) OR (SELECT app.acts_as('DOCTOR', 'SUPPORT'))));

CREATE POLICY api_select ON consults FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation()) AND ((SELECT app.is_administrator())
    OR (SELECT app.acts_as('DOCTOR', 'PHARMACIST', 'LAB_TECH'))));
CREATE POLICY api_insert ON consults FOR INSERT TO telehealth_api
  WITH CHECK (organisation_id = (SELECT app.current_organisation())
    AND ((SELECT app.is_administrator()) OR (SELECT app.acts_as('DOCTOR', 'SUPPORT'))));
CREATE POLICY api_update ON consults FOR UPDATE TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND ((SELECT app.is_administrator()) OR (SELECT app.acts_as('DOCTOR'))));

-- A doctor sees and changes their own visits only.
CREATE POLICY api_select ON visits FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND ((SELECT app.is_administrator()) OR (SELECT app.acts_as('SUPPORT'))
      OR ((SELECT app.acts_as('DOCTOR')) AND clinician_id = (SELECT app.current_user_id()))));
CREATE POLICY api_insert ON visits FOR INSERT TO telehealth_api
  WITH CHECK (organisation_id = (SELECT app.current_organisation()) AND created_by = (SELECT app.current_user_id())
    AND ((SELECT app.is_administrator()) OR (SELECT app.acts_as('SUPPORT'))
      OR ((SELECT app.acts_as('DOCTOR')) AND clinician_id = (SELECT app.current_user_id()))));
CREATE POLICY api_update ON visits FOR UPDATE TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND ((SELECT app.is_administrator()) OR (SELECT app.acts_as('SUPPORT'))
      OR ((SELECT app.acts_as('DOCTOR')) AND clinician_id = (SELECT app.current_user_id()))));

-- What belongs to a visit is for whoever sees the visit: the sub-select passes the policies of visits.
CREATE POLICY api_select ON one_time_tokens FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND EXISTS (SELECT FROM visits AS v WHERE v.id = one_time_tokens.visit_id));
CREATE POLICY api_insert ON one_time_tokens FOR INSERT TO telehealth_api
  WITH CHECK (organisation_id = (SELECT app.current_organisation()) AND created_by = (SELECT app.current_user_id())
    AND EXISTS (SELECT FROM visits AS v WHERE v.id = one_time_tokens.visit_id));
CREATE POLICY api_update ON one_time_tokens FOR UPDATE TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND EXISTS (SELECT FROM visits AS v WHERE v.id = one_time_tokens.visit_id));

CREATE POLICY api_select ON notifications FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND EXISTS (SELECT FROM visits AS v WHERE v.id = notifications.visit_id));
CREATE POLICY api_insert ON notifications FOR INSERT TO telehealth_api
  WITH CHECK (organisation_id = (SELECT app.current_organisation())
    AND EXISTS (SELECT FROM visits AS v WHERE v.id = notifications.visit_id));
CREATE POLICY api_update ON notifications FOR UPDATE TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND EXISTS (SELECT FROM visits AS v WHERE v.id = notifications.visit_id));

-- Whoever acts writes what they did, as themselves. Reading it is for those who answer for it.
CREATE POLICY api_select ON audit_events FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND ((SELECT app.is_administrator()) OR (SELECT app.acts_as('AUDITOR'))));
CREATE POLICY api_insert ON audit_events FOR INSERT TO telehealth_api
  WITH CHECK (organisation_id = (SELECT app.current_organisation())
    AND actor_id = (SELECT app.current_user_id()) AND actor_role = (SELECT app.current_role()));

CREATE POLICY api_select ON documents FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation()) AND ((SELECT app.is_administrator())
    OR (SELECT app.acts_as('DOCTOR', 'PHARMACIST', 'LAB_TECH'))));
CREATE POLICY api_insert ON documents FOR INSERT TO telehealth_api
  WITH CHECK (organisation_id = (SELECT app.current_organisation()) AND created_by = (SELECT app.current_user_id())
    AND ((SELECT app.is_administrator()) OR (SELECT app.acts_as('DOCTOR', 'PHARMACIST', 'LAB_TECH'))));

CREATE POLICY api_select ON signature_events FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation()) AND ((SELECT app.is_administrator())
    OR (SELECT app.acts_as('DOCTOR', 'PHARMACIST', 'LAB_TECH', 'AUDITOR'))));
CREATE POLICY api_insert ON signature_events FOR INSERT TO telehealth_api
  WITH CHECK (organisation_id = (SELECT app.current_organisation())
    AND actor_id = (SELECT app.current_user_id()) AND actor_role = (SELECT app.current_role())
    AND (SELECT app.acts_as('DOCTOR', 'PHARMACIST', 'LAB_TECH')));

CREATE POLICY api_select ON signature_chains FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation()) AND ((SELECT app.is_administrator())
    OR (SELECT app.acts_as('DOCTOR', 'PHARMACIST', 'LAB_TECH', 'AUDITOR'))));

-- ----------------------------------------------------------------------------------------------------------- grants

-- No DELETE and no TRUNCATE anywhere, and UPDATE of what may change only: never an id, an organisation or a patient.
GRANT USAGE ON SCHEMA app TO telehealth_api;
GRANT EXECUTE ON FUNCTION app.current_organisation(), app.current_user_id(), app.current_role(),
  app.acts_as(text[]), app.is_administrator(), app.signature_hash(signature_events), app.first_broken_signature(),
  app.admit(text, uuid, text), app.redeem_token(bytea, text) TO telehealth_api;
GRANT SELECT ON organisations, signature_chains TO telehealth_api;
GRANT SELECT, UPDATE (display_name, email) ON users TO telehealth_api;
GRANT SELECT, INSERT, UPDATE (given_name, family_name, date_of_birth, email, phone, state, time_zone)
  ON patients TO telehealth_api;
GRANT SELECT, INSERT, UPDATE (clinician_id, status, complaint_encrypted, notes_encrypted)
  ON consults TO telehealth_api;
GRANT SELECT, INSERT, UPDATE (clinician_id, consult_id, scheduled_at, duration_minutes, modality, status, reason_code,
  started_at, ended_at, meeting_id, recording_consent) ON visits TO telehealth_api;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON one_time_tokens TO telehealth_api;
GRANT SELECT, INSERT, UPDATE (status, provider_message_id, sent_at, delivered_at)
  ON notifications TO telehealth_api;
GRANT SELECT, INSERT ON audit_events, documents, signature_events TO telehealth_api;

-- Readiness: which migrations are applied.
GRANT USAGE ON SCHEMA migrate TO telehealth_api;
GRANT SELECT ON migrate.applied TO telehealth_api;

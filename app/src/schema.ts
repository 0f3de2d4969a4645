/* eslint-disable */
// Made from a migrated database by `npm run schema:types`. A test fails when the two differ.

import type { ColumnType } from "kysely";

export type Generated<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S, I | undefined, U>
  : ColumnType<T, T | undefined, T>;

export type Int8 = ColumnType<string, bigint | number | string, bigint | number | string>;

export type Json = JsonValue;

export type JsonArray = JsonValue[];

export type JsonObject = {
  [x: string]: JsonValue | undefined;
};

export type JsonPrimitive = boolean | number | string | null;

export type JsonValue = JsonArray | JsonObject | JsonPrimitive;

export type Timestamp = ColumnType<Date, Date | string, Date | string>;

export interface AuditEvents {
  /**
   * Internal: what was done, such as visit.created.
   */
  action: string;
  /**
   * Internal: who did it; NULL for somebody with a link, and for the platform.
   */
  actor_id: string | null;
  /**
   * Internal: in which role.
   */
  actor_role: string | null;
  /**
   * PHI: what changed, in codes; never names or free text.
   */
  detail: Generated<Json>;
  /**
   * Internal: the event.
   */
  id: Generated<string>;
  /**
   * Internal: where it happened.
   */
  organisation_id: string;
  /**
   * Internal: whether it was done.
   */
  outcome: Generated<"SUCCESS" | "REFUSED" | "FAILED">;
  /**
   * PHI: when, by the clock of the database.
   */
  recorded_at: Generated<Timestamp>;
  /**
   * Internal: the request, as the log names it.
   */
  request_id: string | null;
  /**
   * PHI: the thing that it was done to.
   */
  subject_id: string | null;
  /**
   * Internal: kind of thing that it was done to.
   */
  subject_type: string;
}

export interface Consults {
  /**
   * PHI: who took it.
   */
  clinician_id: string | null;
  /**
   * PHI: what the patient says; the application encrypts it.
   */
  complaint_encrypted: Buffer | null;
  /**
   * PHI: when the patient asked.
   */
  created_at: Generated<Timestamp>;
  /**
   * PHI: the consult.
   */
  id: Generated<string>;
  /**
   * PHI: what the clinician says; the application encrypts it.
   */
  notes_encrypted: Buffer | null;
  /**
   * Internal: who was asked.
   */
  organisation_id: string;
  /**
   * PHI: who asks.
   */
  patient_id: string;
  /**
   * PHI: how far it is.
   */
  status: Generated<"OPEN" | "IN_REVIEW" | "APPROVED" | "DECLINED" | "CLOSED">;
  /**
   * PHI: when the row was last changed.
   */
  updated_at: Generated<Timestamp>;
}

export interface Documents {
  /**
   * PHI: what kind of document it is.
   */
  category: "RX" | "LAB_ORDER" | "LAB_RESULT" | "CONSENT" | "NOTE" | "OTHER";
  /**
   * PHI: when it was filed.
   */
  created_at: Generated<Timestamp>;
  /**
   * Internal: who filed it.
   */
  created_by: string;
  /**
   * PHI: the document.
   */
  id: Generated<string>;
  /**
   * Internal: its media type.
   */
  media_type: string;
  /**
   * Internal: whose file it is.
   */
  organisation_id: string;
  /**
   * PHI: whom it tells of.
   */
  patient_id: string;
  /**
   * PHI: SHA-256 of its bytes.
   */
  sha256: Buffer;
  /**
   * Internal: its length, in bytes.
   */
  size_bytes: Int8;
  /**
   * PHI: key of the object in the bucket.
   */
  storage_key: string;
  /**
   * PHI: what it is called.
   */
  title: string;
}

export interface MigrateApplied {
  id: number | null;
  name: string | null;
  phase: string | null;
}

export interface Notifications {
  /**
   * PHI: how it was sent.
   */
  channel: "SMS" | "EMAIL";
  /**
   * PHI: when it was asked for.
   */
  created_at: Generated<Timestamp>;
  /**
   * PHI: when the carrier delivered it.
   */
  delivered_at: Timestamp | null;
  /**
   * Internal: the message.
   */
  id: Generated<string>;
  /**
   * Internal: whose message it is.
   */
  organisation_id: string;
  /**
   * PHI: what the carrier calls it.
   */
  provider_message_id: string | null;
  /**
   * PHI: when it was handed to the carrier.
   */
  sent_at: Timestamp | null;
  /**
   * PHI: how far it is.
   */
  status: Generated<"QUEUED" | "SENT" | "DELIVERED" | "FAILED">;
  /**
   * PHI: which text was sent.
   */
  template: string;
  /**
   * Internal: when the row was last changed.
   */
  updated_at: Generated<Timestamp>;
  /**
   * PHI: the visit that it is about.
   */
  visit_id: string;
}

export interface OneTimeTokens {
  /**
   * Internal: when it was given out.
   */
  created_at: Generated<Timestamp>;
  /**
   * Internal: who gave it out.
   */
  created_by: string;
  /**
   * Internal: until when it opens.
   */
  expires_at: Timestamp;
  /**
   * Internal: the token, its claim jti.
   */
  id: Generated<string>;
  /**
   * Internal: whose visit it is.
   */
  organisation_id: string;
  /**
   * PHI: as what it lets somebody in.
   */
  party: "PATIENT" | "GUEST" | "CLINICIAN";
  /**
   * PHI: when it was used.
   */
  redeemed_at: Timestamp | null;
  /**
   * Internal: when it was taken back.
   */
  revoked_at: Timestamp | null;
  /**
   * Internal: SHA-256 of the secret in the link, at least 32 random bytes.
   */
  secret_sha256: Buffer;
  /**
   * PHI: the visit that it opens.
   */
  visit_id: string;
}

export interface Organisations {
  /**
   * Internal: when the row was made.
   */
  created_at: Generated<Timestamp>;
  /**
   * Internal: the organisation.
   */
  id: Generated<string>;
  /**
   * Internal: its name for people.
   */
  name: string;
  /**
   * Internal: its name in tokens, the claim org_id.
   */
  slug: string;
  /**
   * Internal: when the row was last changed.
   */
  updated_at: Generated<Timestamp>;
}

export interface PatientPhones {
  /**
   * Internal: when the row was made.
   */
  created_at: Generated<Timestamp>;
  /**
   * Internal: the entry.
   */
  id: Generated<string>;
  /**
   * PHI: the number, E.164.
   */
  number: string;
  /**
   * Internal: who sees the patient.
   */
  organisation_id: string;
  /**
   * PHI: whose number it is.
   */
  patient_id: string;
  /**
   * PHI: from when it is not the patient's any more.
   */
  retired_at: Timestamp | null;
  /**
   * PHI: when the patient agreed to be texted on it; NULL when they did not.
   */
  texts_agreed_at: Timestamp | null;
}

export interface Patients {
  /**
   * Internal: when the row was made.
   */
  created_at: Generated<Timestamp>;
  /**
   * PHI: date of birth.
   */
  date_of_birth: Timestamp;
  /**
   * PHI: address for links and notices.
   */
  email: string | null;
  /**
   * PHI: family name.
   */
  family_name: string;
  /**
   * PHI: given name.
   */
  given_name: string;
  /**
   * PHI: the patient.
   */
  id: Generated<string>;
  /**
   * Internal: who sees the patient.
   */
  organisation_id: string;
  /**
   * PHI: state that the patient is in, which decides who may see them.
   */
  state: string;
  /**
   * PHI: time zone that times are told in, by its IANA name.
   */
  time_zone: Generated<string>;
  /**
   * Internal: when the row was last changed.
   */
  updated_at: Generated<Timestamp>;
}

export interface SignatureChains {
  /**
   * Internal: hash of its last signature.
   */
  head: Buffer;
  /**
   * Internal: how many signatures it holds.
   */
  length: Int8;
  /**
   * Internal: whose chain it is.
   */
  organisation_id: string;
}

export interface SignatureEvents {
  /**
   * Internal: who signed.
   */
  actor_id: string;
  /**
   * Internal: in which role.
   */
  actor_role: string;
  /**
   * Internal: its place in the chain, from 1. The database sets it.
   */
  chain_position: Generated<Int8>;
  /**
   * PHI: the document that was signed.
   */
  document_id: string;
  /**
   * PHI: SHA-256 of the document as it was signed.
   */
  document_sha256: Buffer;
  /**
   * PHI: kind of thing that was signed.
   */
  entity: "RX" | "LAB_ORDER" | "DOCUMENT";
  /**
   * PHI: the thing that was signed.
   */
  entity_id: string;
  /**
   * Internal: SHA-256 over this signature and the hash before. The database sets it.
   */
  hash: Generated<Buffer>;
  /**
   * Internal: the signature.
   */
  id: Generated<string>;
  /**
   * Internal: the KMS key that signed.
   */
  kms_key_id: string;
  /**
   * Internal: what the key made.
   */
  kms_signature: Buffer;
  /**
   * Internal: whose chain it is in.
   */
  organisation_id: string;
  /**
   * Internal: hash of the signature before; zeros at the beginning. The database sets it.
   */
  previous_hash: Generated<Buffer>;
  /**
   * PHI: when, by the clock of the database.
   */
  recorded_at: Generated<Timestamp>;
  /**
   * Internal: how the person proved themselves.
   */
  signature_type: "WEBAUTHN_KMS" | "TOTP_KMS" | "PASSWORD_KMS";
}

export interface UpcomingVisits {
  /**
   * PHI: who sees the patient.
   */
  clinician_id: string | null;
  /**
   * PII: what colleagues call the clinician.
   */
  clinician_name: string | null;
  /**
   * PHI: the visit.
   */
  id: string | null;
  /**
   * PHI: how they meet.
   */
  modality: string | null;
  /**
   * Internal: who sees the patient.
   */
  organisation_id: string | null;
  /**
   * PHI: family name of the patient.
   */
  patient_family_name: string | null;
  /**
   * PHI: given name of the patient.
   */
  patient_given_name: string | null;
  /**
   * PHI: who is seen.
   */
  patient_id: string | null;
  /**
   * PHI: when it is to begin.
   */
  scheduled_at: Timestamp | null;
  /**
   * PHI: how far it is.
   */
  status: string | null;
}

export interface Users {
  /**
   * Internal: when the row was made.
   */
  created_at: Generated<Timestamp>;
  /**
   * Internal: from when the person may not work here any more.
   */
  deactivated_at: Timestamp | null;
  /**
   * PII: what colleagues call the person.
   */
  display_name: string | null;
  /**
   * PII: address of the person.
   */
  email: string | null;
  /**
   * Internal: the person, as the claim sub.
   */
  id: string;
  /**
   * Internal: whom the person works for.
   */
  organisation_id: string;
  /**
   * Internal: what the person is, as the newest token said.
   */
  role: "SUPER_ADMIN" | "ADMIN" | "ORG_ADMIN" | "DOCTOR" | "PHARMACIST" | "LAB_TECH" | "AUDITOR" | "SUPPORT" | "MARKETER_ADMIN" | "MARKETER";
  /**
   * Internal: when the row was last changed.
   */
  updated_at: Generated<Timestamp>;
}

export interface Visits {
  /**
   * PHI: who sees the patient.
   */
  clinician_id: string;
  /**
   * PHI: the consult that it belongs to.
   */
  consult_id: string | null;
  /**
   * PHI: when the appointment was made.
   */
  created_at: Generated<Timestamp>;
  /**
   * Internal: who made the appointment.
   */
  created_by: string;
  /**
   * PHI: how long it is to take, in minutes.
   */
  duration_minutes: Generated<number>;
  /**
   * PHI: when it ended.
   */
  ended_at: Timestamp | null;
  /**
   * PHI: when it is to end, after duration_minutes. The database sets it.
   */
  ends_at: Generated<Timestamp>;
  /**
   * PHI: the visit.
   */
  id: Generated<string>;
  /**
   * PHI: the Chime SDK meeting.
   */
  meeting_id: string | null;
  /**
   * PHI: how they meet.
   */
  modality: Generated<"VIDEO" | "AUDIO" | "PHONE">;
  /**
   * Internal: who sees the patient.
   */
  organisation_id: string;
  /**
   * PHI: who is seen.
   */
  patient_id: string;
  /**
   * PHI: why, as a code of the organisation; never free text.
   */
  reason_code: string | null;
  /**
   * PHI: whether the patient agreed to a recording.
   */
  recording_consent: Generated<boolean>;
  /**
   * PHI: when it is to begin, to the millisecond, as JavaScript has it.
   */
  scheduled_at: Timestamp;
  /**
   * PHI: when it began.
   */
  started_at: Timestamp | null;
  /**
   * PHI: how far it is.
   */
  status: Generated<"SCHEDULED" | "ACTIVE" | "COMPLETED" | "CANCELLED" | "NO_SHOW" | "TECHNICAL">;
  /**
   * PHI: when the row was last changed.
   */
  updated_at: Generated<Timestamp>;
}

export interface DB {
  audit_events: AuditEvents;
  consults: Consults;
  documents: Documents;
  "migrate.applied": MigrateApplied;
  notifications: Notifications;
  one_time_tokens: OneTimeTokens;
  organisations: Organisations;
  patient_phones: PatientPhones;
  patients: Patients;
  signature_chains: SignatureChains;
  signature_events: SignatureEvents;
  upcoming_visits: UpcomingVisits;
  users: Users;
  visits: Visits;
}

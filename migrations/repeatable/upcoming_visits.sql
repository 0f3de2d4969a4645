-- Visits that are not over, with the names that a list of them shows. security_invoker: whoever asks sees what the
-- policies of the tables let them see, not what the owner of the view may see.
CREATE OR REPLACE VIEW upcoming_visits WITH (security_invoker = true) AS
SELECT v.id, v.organisation_id, v.patient_id, p.given_name AS patient_given_name, p.family_name AS patient_family_name,
  v.clinician_id, u.display_name AS clinician_name, v.scheduled_at, v.modality, v.status
FROM visits AS v
JOIN patients AS p ON p.organisation_id = v.organisation_id AND p.id = v.patient_id
JOIN users AS u ON u.organisation_id = v.organisation_id AND u.id = v.clinician_id
WHERE v.status IN ('SCHEDULED', 'ACTIVE');
COMMENT ON VIEW upcoming_visits IS 'Visits that are not over, as the caller may see them.';
COMMENT ON COLUMN upcoming_visits.id IS 'PHI: the visit.';
COMMENT ON COLUMN upcoming_visits.organisation_id IS 'Internal: who sees the patient.';
COMMENT ON COLUMN upcoming_visits.patient_id IS 'PHI: who is seen.';
COMMENT ON COLUMN upcoming_visits.patient_given_name IS 'PHI: given name of the patient.';
COMMENT ON COLUMN upcoming_visits.patient_family_name IS 'PHI: family name of the patient.';
COMMENT ON COLUMN upcoming_visits.clinician_id IS 'PHI: who sees the patient.';
COMMENT ON COLUMN upcoming_visits.clinician_name IS 'PII: what colleagues call the clinician.';
COMMENT ON COLUMN upcoming_visits.scheduled_at IS 'PHI: when it is to begin.';
COMMENT ON COLUMN upcoming_visits.modality IS 'PHI: how they meet.';
COMMENT ON COLUMN upcoming_visits.status IS 'PHI: how far it is.';
GRANT SELECT ON upcoming_visits TO telehealth_api;

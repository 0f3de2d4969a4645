--- refused timestamp-without-zone
ALTER TABLE visits ADD COLUMN joined_at timestamp;
COMMENT ON COLUMN visits.joined_at IS 'PHI: when the patient came.';
--- accepted
ALTER TABLE visits ADD COLUMN joined_at timestamptz;
COMMENT ON COLUMN visits.joined_at IS 'PHI: when the patient came.';

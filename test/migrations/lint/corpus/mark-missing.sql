--- refused mark-missing
ALTER TABLE patients ADD COLUMN nickname text;
--- accepted
ALTER TABLE patients ADD COLUMN nickname text;
COMMENT ON COLUMN patients.nickname IS 'PHI: what the patient wants to be called.';

--- refused rename-column
ALTER TABLE patients RENAME COLUMN phone TO telephone;
--- accepted
ALTER TABLE patients ADD COLUMN telephone text;
COMMENT ON COLUMN patients.telephone IS 'PHI: number for calls.';

--- refused contract-without-need
-- migrate: phase=contract reversible=lossy
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- accepted
-- migrate: phase=expand reversible=lossy
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

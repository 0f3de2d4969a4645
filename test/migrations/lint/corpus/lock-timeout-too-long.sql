--- refused lock-timeout-too-long
-- migrate: phase=expand reversible=lossy
-- migrate: lock_timeout=2s
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- accepted
-- migrate: phase=expand reversible=lossy
-- migrate: lock_timeout=200ms
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

--- refused session-setting
SET lock_timeout = '5s';
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- accepted
SET LOCAL work_mem = '64MB';
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

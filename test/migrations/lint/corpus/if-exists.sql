--- refused if-exists
ALTER TABLE visits ADD COLUMN IF NOT EXISTS room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- accepted
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

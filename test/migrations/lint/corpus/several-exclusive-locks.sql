--- refused several-exclusive-locks
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
ALTER TABLE consults ADD COLUMN room text;
COMMENT ON COLUMN consults.room IS 'Internal: where.';
--- accepted
--- file 0002_visits.up.sql
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- file 0003_consults.up.sql
ALTER TABLE consults ADD COLUMN room text;
COMMENT ON COLUMN consults.room IS 'Internal: where.';

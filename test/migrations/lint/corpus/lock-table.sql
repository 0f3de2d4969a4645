--- refused lock-table
LOCK TABLE visits IN ACCESS EXCLUSIVE MODE;
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- accepted
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

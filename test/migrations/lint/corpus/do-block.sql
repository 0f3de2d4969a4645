--- refused do-block
DO $$ BEGIN EXECUTE 'ALTER TABLE visits ADD COLUMN room text'; END $$;
--- accepted
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

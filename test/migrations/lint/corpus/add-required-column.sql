--- refused add-required-column
ALTER TABLE visits ADD COLUMN room text NOT NULL;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- accepted
ALTER TABLE visits ADD COLUMN room text NOT NULL DEFAULT 'main';
COMMENT ON COLUMN visits.room IS 'Internal: where.';

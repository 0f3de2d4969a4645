--- refused change-with-schema-change not-null-in-expand set-not-null-scans update-without-where
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
UPDATE visits SET room = 'main';
ALTER TABLE visits ALTER COLUMN room SET NOT NULL;
--- accepted
ALTER TABLE visits ADD COLUMN room text NOT NULL DEFAULT 'main';
COMMENT ON COLUMN visits.room IS 'Internal: where.';

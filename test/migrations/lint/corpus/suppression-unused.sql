--- refused suppression-unused
-- lint-ignore: rename-column owner=platform-engineering reason="It was one once."
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- accepted
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

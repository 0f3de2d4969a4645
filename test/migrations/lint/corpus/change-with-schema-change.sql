--- refused change-with-schema-change unbatched-change
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
UPDATE visits SET room = 'main' WHERE room IS NULL;
--- accepted
--- file 0002_add.up.sql
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- file 0003_fill.up.sql
-- migrate: phase=expand reversible=lossless
-- migrate: kind=backfill table=visits key=id batch=5000 pause=20ms
UPDATE visits SET room = 'main' WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2 AND room IS NULL;

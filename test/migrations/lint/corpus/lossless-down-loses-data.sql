--- refused lossless-down-loses-data
--- file 0002_add_room.up.sql
-- migrate: phase=expand reversible=lossless
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- file 0002_add_room.down.sql
ALTER TABLE visits DROP COLUMN room;
--- accepted
--- file 0002_add_room.up.sql
-- migrate: phase=expand reversible=lossy
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- file 0002_add_room.down.sql
ALTER TABLE visits DROP COLUMN room;

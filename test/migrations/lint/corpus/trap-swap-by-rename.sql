--- refused several-exclusive-locks rename-column drop-default-in-expand
ALTER TABLE visits RENAME COLUMN room TO old_room;
ALTER TABLE consults ALTER COLUMN room DROP DEFAULT;
--- accepted
ALTER TABLE visits ADD COLUMN new_room text;
COMMENT ON COLUMN visits.new_room IS 'Internal: where.';

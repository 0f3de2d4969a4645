--- refused foreign-key-scans volatile-default
ALTER TABLE visits ADD COLUMN room_id uuid DEFAULT app.main_room() REFERENCES rooms (id);
COMMENT ON COLUMN visits.room_id IS 'Internal: where.';
--- accepted
ALTER TABLE visits ADD COLUMN room_id uuid REFERENCES rooms (id);
COMMENT ON COLUMN visits.room_id IS 'Internal: where.';

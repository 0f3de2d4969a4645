--- refused row-security-missing
CREATE TABLE rooms (id uuid PRIMARY KEY);
COMMENT ON COLUMN rooms.id IS 'Internal: the room.';
ALTER TABLE rooms ENABLE ROW LEVEL SECURITY;
CREATE POLICY migrator ON rooms TO telehealth_migrator USING (true) WITH CHECK (true);
--- accepted
CREATE TABLE rooms (id uuid PRIMARY KEY);
COMMENT ON COLUMN rooms.id IS 'Internal: the room.';
ALTER TABLE rooms ENABLE ROW LEVEL SECURITY;
ALTER TABLE rooms FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON rooms TO telehealth_migrator USING (true) WITH CHECK (true);

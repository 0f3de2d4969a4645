--- refused migrator-policy-missing
CREATE TABLE rooms (id uuid PRIMARY KEY, organisation_id uuid NOT NULL);
COMMENT ON COLUMN rooms.id IS 'Internal: the room.';
COMMENT ON COLUMN rooms.organisation_id IS 'Internal: whose it is.';
ALTER TABLE rooms ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY api_select ON rooms FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation()));
--- accepted
CREATE TABLE rooms (id uuid PRIMARY KEY, organisation_id uuid NOT NULL);
COMMENT ON COLUMN rooms.id IS 'Internal: the room.';
COMMENT ON COLUMN rooms.organisation_id IS 'Internal: whose it is.';
ALTER TABLE rooms ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON rooms TO telehealth_migrator USING (true) WITH CHECK (true);
CREATE POLICY api_select ON rooms FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation()));

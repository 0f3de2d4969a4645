--- refused audit-grant audit-rows-changed cascade-into-audit constraint-in-expand definer-public-execute definer-search-path disable-trigger unbatched-change change-with-schema-change
ALTER TABLE audit_events DISABLE TRIGGER keep_rows;
UPDATE audit_events SET actor_role = 'ADMIN' WHERE actor_role = 'DOCTOR';
GRANT UPDATE ON audit_events TO telehealth_api;
CREATE FUNCTION app.clean() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ DELETE FROM audit_events $$;
ALTER TABLE audit_events ADD CONSTRAINT visit FOREIGN KEY (visit_id) REFERENCES visits ON DELETE SET NULL NOT VALID;
--- accepted
GRANT INSERT ON audit_events TO telehealth_api;

--- refused audit-rows-changed
UPDATE audit_events SET actor_role = 'ADMIN' WHERE id = '00000000-0000-4000-8000-000000000001';
--- accepted
ALTER TABLE audit_events ADD COLUMN corrected_role text;
COMMENT ON COLUMN audit_events.corrected_role IS 'Internal: what the role should have been.';

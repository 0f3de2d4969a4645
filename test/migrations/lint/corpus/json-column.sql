--- refused json-column
ALTER TABLE visits ADD COLUMN device json;
COMMENT ON COLUMN visits.device IS 'Internal: what the device tells of itself.';
--- accepted
ALTER TABLE visits ADD COLUMN device jsonb;
COMMENT ON COLUMN visits.device IS 'Internal: what the device tells of itself.';

--- refused stored-generated-column
ALTER TABLE visits ADD COLUMN hours numeric GENERATED ALWAYS AS (duration_minutes / 60.0) STORED;
COMMENT ON COLUMN visits.hours IS 'Internal: how long.';
--- accepted
ALTER TABLE visits ADD COLUMN hours numeric;
COMMENT ON COLUMN visits.hours IS 'Internal: how long.';

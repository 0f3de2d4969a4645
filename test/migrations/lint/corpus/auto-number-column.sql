--- refused auto-number-column
ALTER TABLE visits ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
COMMENT ON COLUMN visits.number IS 'Internal: counts.';
--- accepted
ALTER TABLE visits ADD COLUMN number bigint;
COMMENT ON COLUMN visits.number IS 'Internal: counts.';

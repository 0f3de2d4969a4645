--- refused doubtful-type
ALTER TABLE visits ADD COLUMN fee money;
COMMENT ON COLUMN visits.fee IS 'Internal: what it costs.';
--- accepted
ALTER TABLE visits ADD COLUMN fee numeric(10, 2);
COMMENT ON COLUMN visits.fee IS 'Internal: what it costs.';

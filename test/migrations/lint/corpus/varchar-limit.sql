--- refused varchar-limit
ALTER TABLE visits ADD COLUMN room varchar(50);
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- accepted
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

--- refused syntax-error
ALTER TABLE visits ADD COLUM room text;
--- accepted
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

--- refused needless-no-transaction
-- migrate: phase=expand reversible=lossy
-- migrate: transaction=false
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- accepted
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

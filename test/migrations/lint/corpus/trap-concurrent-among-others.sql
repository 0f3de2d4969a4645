--- refused mark-missing needs-no-transaction
ALTER TABLE visits ADD COLUMN room text;
CREATE INDEX CONCURRENTLY visits_room ON visits (room);
--- accepted
--- file 0002_add.up.sql
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- file 0003_index.up.sql
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
CREATE INDEX CONCURRENTLY visits_room ON visits (room);

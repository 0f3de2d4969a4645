--- refused slow-after-lock
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
ALTER TABLE consults VALIDATE CONSTRAINT consults_status_known;
--- accepted
--- file 0002_add.up.sql
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';
--- file 0003_validate.up.sql
ALTER TABLE consults VALIDATE CONSTRAINT consults_status_known;

--- refused volatile-default
ALTER TABLE visits ADD COLUMN token uuid DEFAULT gen_random_uuid();
COMMENT ON COLUMN visits.token IS 'Internal: names the visit in links.';
--- accepted
--- file 0002_add.up.sql
ALTER TABLE visits ADD COLUMN token uuid;
ALTER TABLE visits ALTER COLUMN token SET DEFAULT gen_random_uuid();
COMMENT ON COLUMN visits.token IS 'Internal: names the visit in links.';
--- file 0003_fill.up.sql
-- migrate: phase=expand reversible=lossless
-- migrate: kind=backfill table=visits key=id batch=5000 pause=20ms
UPDATE visits SET token = gen_random_uuid() WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2 AND token IS NULL;

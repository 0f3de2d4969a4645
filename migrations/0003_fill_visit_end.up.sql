-- migrate: phase=expand reversible=lossless
-- migrate: kind=backfill table=visits key=id batch=5000 pause=20ms
-- check after: SELECT NOT EXISTS (SELECT FROM visits WHERE ends_at IS NULL)

UPDATE visits SET ends_at = scheduled_at + make_interval(mins => duration_minutes)
WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2 AND ends_at IS NULL;

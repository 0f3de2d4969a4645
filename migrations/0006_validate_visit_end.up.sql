-- migrate: phase=expand reversible=lossless
-- migrate: statement_timeout=10min
-- check before: SELECT NOT EXISTS (SELECT FROM visits WHERE ends_at IS NULL OR ends_at <= scheduled_at)

ALTER TABLE visits VALIDATE CONSTRAINT visits_end_after_start;

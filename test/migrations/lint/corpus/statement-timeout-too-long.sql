--- refused statement-timeout-too-long
-- migrate: phase=expand reversible=lossless
-- migrate: statement_timeout=60min
ALTER TABLE visits VALIDATE CONSTRAINT visits_short;
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: statement_timeout=10min
ALTER TABLE visits VALIDATE CONSTRAINT visits_short;

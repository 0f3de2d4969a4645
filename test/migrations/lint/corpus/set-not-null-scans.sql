--- refused set-not-null-scans
-- migrate: phase=contract reversible=lossless
ALTER TABLE visits ALTER COLUMN reason SET NOT NULL;
--- accepted
--- file 0002_add.up.sql
ALTER TABLE visits ADD CONSTRAINT visits_reason_there CHECK (reason IS NOT NULL) NOT VALID;
--- file 0003_validate.up.sql
ALTER TABLE visits VALIDATE CONSTRAINT visits_reason_there;
--- file 0004_set.up.sql
ALTER TABLE visits ALTER COLUMN reason SET NOT NULL;
ALTER TABLE visits DROP CONSTRAINT visits_reason_there;

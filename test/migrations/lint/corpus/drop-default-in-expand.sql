--- refused drop-default-in-expand
ALTER TABLE visits ALTER COLUMN duration_minutes DROP DEFAULT;
--- accepted
-- migrate: phase=contract reversible=lossless
ALTER TABLE visits ALTER COLUMN duration_minutes DROP DEFAULT;

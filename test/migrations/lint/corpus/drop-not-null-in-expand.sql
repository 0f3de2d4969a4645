--- refused drop-not-null-in-expand
ALTER TABLE visits ALTER COLUMN reason DROP NOT NULL;
--- accepted
-- migrate: phase=contract reversible=lossless
ALTER TABLE visits ALTER COLUMN reason DROP NOT NULL;

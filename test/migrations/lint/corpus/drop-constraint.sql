--- refused drop-constraint
-- migrate: phase=contract reversible=lossless
ALTER TABLE visits DROP CONSTRAINT visits_status_known;
--- accepted
-- migrate: phase=contract reversible=lossless
ALTER TABLE visits DROP CONSTRAINT visits_status_known;
ALTER TABLE visits ADD CONSTRAINT visits_status_known CHECK (status IN ('SCHEDULED', 'ENDED', 'MISSED')) NOT VALID;

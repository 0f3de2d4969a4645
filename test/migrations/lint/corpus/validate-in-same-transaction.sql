--- refused constraint-in-expand validate-in-same-transaction
ALTER TABLE visits ADD CONSTRAINT visits_short CHECK (duration_minutes <= 120) NOT VALID;
ALTER TABLE visits VALIDATE CONSTRAINT visits_short;
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
ALTER TABLE visits ADD CONSTRAINT visits_short CHECK (duration_minutes <= 120) NOT VALID;
ALTER TABLE visits VALIDATE CONSTRAINT visits_short;

--- refused constraint-in-expand
ALTER TABLE visits ADD CONSTRAINT visits_short CHECK (duration_minutes <= 120) NOT VALID;
--- accepted
-- migrate: phase=contract reversible=lossless
ALTER TABLE visits ADD CONSTRAINT visits_short CHECK (duration_minutes <= 120) NOT VALID;

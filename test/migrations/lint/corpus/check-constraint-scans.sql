--- refused check-constraint-scans constraint-in-expand
ALTER TABLE visits ADD CONSTRAINT visits_short CHECK (duration_minutes <= 120);
--- accepted
--- file 0002_add.up.sql
ALTER TABLE visits ADD CONSTRAINT visits_short CHECK (duration_minutes <= 120) NOT VALID;
--- file 0003_validate.up.sql
ALTER TABLE visits VALIDATE CONSTRAINT visits_short;

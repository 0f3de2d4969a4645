ALTER TABLE visits DROP CONSTRAINT visits_end_after_start;

-- A constraint cannot be made unvalidated; it is made anew, in one transaction, so that it is never missing.
ALTER TABLE visits DROP CONSTRAINT visits_end_after_start;
ALTER TABLE visits ADD CONSTRAINT visits_end_after_start
  CHECK (ends_at IS NOT NULL AND ends_at > scheduled_at) NOT VALID;

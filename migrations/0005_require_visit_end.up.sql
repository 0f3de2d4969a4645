-- migrate: phase=expand reversible=lossless

-- From now on every row that is written has an end. Those of before are looked at by the next migration, in a
-- transaction of its own: together they would hold the strong lock for as long as the scan takes.
ALTER TABLE visits ADD CONSTRAINT visits_end_after_start
  CHECK (ends_at IS NOT NULL AND ends_at > scheduled_at) NOT VALID;

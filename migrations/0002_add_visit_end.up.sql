-- migrate: phase=expand reversible=lossless

-- The end of a visit as a moment: questions such as "is this clinician free" need it in an index. A generated column
-- would write the whole table anew under the strongest lock, and time with zone plus interval is not immutable; a
-- trigger keeps it instead, so that the release before, which does not know the column, fills it too.
ALTER TABLE visits ADD COLUMN ends_at timestamptz(3);
COMMENT ON COLUMN visits.ends_at IS 'PHI: when it is to end, after duration_minutes. The database sets it.';

CREATE FUNCTION app.set_visit_end() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  NEW.ends_at := NEW.scheduled_at + make_interval(mins => NEW.duration_minutes);
  RETURN NEW;
END $$;
COMMENT ON FUNCTION app.set_visit_end() IS 'Computes when a visit is to end.';
REVOKE EXECUTE ON FUNCTION app.set_visit_end() FROM PUBLIC;

CREATE TRIGGER set_visit_end BEFORE INSERT OR UPDATE OF scheduled_at, duration_minutes, ends_at ON visits
  FOR EACH ROW EXECUTE FUNCTION app.set_visit_end();

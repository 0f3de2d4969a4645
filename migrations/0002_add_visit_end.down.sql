DROP TRIGGER set_visit_end ON visits;
DROP FUNCTION app.set_visit_end();
-- lint-ignore: lossless-down-loses-data owner=platform-engineering reason="computed from scheduled_at and duration_minutes"
ALTER TABLE visits DROP COLUMN ends_at;

DROP TRIGGER set_visit_end ON visits;
DROP FUNCTION app.set_visit_end();
ALTER TABLE visits DROP COLUMN ends_at;

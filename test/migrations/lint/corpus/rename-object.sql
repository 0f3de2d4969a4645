--- refused rename-object
ALTER TABLE visits RENAME TO appointments;
--- accepted
CREATE VIEW appointments WITH (security_invoker = true) AS SELECT id, scheduled_at FROM visits;

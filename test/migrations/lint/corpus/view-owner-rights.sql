--- refused view-owner-rights
CREATE VIEW appointments AS SELECT id, scheduled_at FROM visits;
--- accepted
CREATE VIEW appointments WITH (security_invoker = true) AS SELECT id, scheduled_at FROM visits;

--- refused select-star-view
CREATE VIEW appointments WITH (security_invoker = true) AS SELECT * FROM visits;
--- accepted
CREATE VIEW appointments WITH (security_invoker = true) AS SELECT id, scheduled_at FROM visits;

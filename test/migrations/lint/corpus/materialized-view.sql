--- refused materialized-view
CREATE MATERIALIZED VIEW visit_counts AS SELECT organisation_id, count(*) AS visits FROM visits GROUP BY 1;
--- accepted
CREATE VIEW visit_counts WITH (security_invoker = true) AS
  SELECT organisation_id, count(*) AS visits FROM visits GROUP BY 1;

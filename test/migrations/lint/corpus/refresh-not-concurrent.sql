--- refused refresh-not-concurrent
REFRESH MATERIALIZED VIEW visit_counts;
--- accepted
REFRESH MATERIALIZED VIEW CONCURRENTLY visit_counts;

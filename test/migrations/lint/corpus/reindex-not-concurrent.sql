--- refused reindex-not-concurrent
REINDEX INDEX visits_status;
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
REINDEX INDEX CONCURRENTLY visits_status;

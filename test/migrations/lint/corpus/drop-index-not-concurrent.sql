--- refused drop-index-not-concurrent
DROP INDEX visits_status;
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
DROP INDEX CONCURRENTLY visits_status;

--- refused index-not-concurrent
CREATE INDEX visits_status ON visits (status);
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false statement_timeout=30min
CREATE INDEX CONCURRENTLY visits_status ON visits (status);

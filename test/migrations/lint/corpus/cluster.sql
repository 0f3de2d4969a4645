--- refused cluster
CLUSTER visits USING visits_status;
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
CREATE INDEX CONCURRENTLY visits_status ON visits (status) INCLUDE (scheduled_at);

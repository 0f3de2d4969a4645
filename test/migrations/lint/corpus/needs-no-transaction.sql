--- refused needs-no-transaction
CREATE INDEX CONCURRENTLY visits_status ON visits (status);
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
CREATE INDEX CONCURRENTLY visits_status ON visits (status);

--- refused index-volatile-function
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
CREATE INDEX CONCURRENTLY visits_coming ON visits (clinician_id) WHERE scheduled_at > now();
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
CREATE INDEX CONCURRENTLY visits_coming ON visits (clinician_id, scheduled_at);

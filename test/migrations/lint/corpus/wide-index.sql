--- refused wide-index
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
CREATE INDEX CONCURRENTLY visits_list ON visits (organisation_id, clinician_id, status, scheduled_at);
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
CREATE INDEX CONCURRENTLY visits_list ON visits (organisation_id, clinician_id, scheduled_at) INCLUDE (status);

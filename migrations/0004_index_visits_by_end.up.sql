-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false statement_timeout=30min

-- Serves "which visits of this clinician overlap these minutes".
CREATE INDEX CONCURRENTLY visits_clinician_end ON visits (organisation_id, clinician_id, ends_at)
  WHERE status IN ('SCHEDULED', 'ACTIVE');

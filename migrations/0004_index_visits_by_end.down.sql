-- migrate: transaction=false

DROP INDEX CONCURRENTLY visits_clinician_end;

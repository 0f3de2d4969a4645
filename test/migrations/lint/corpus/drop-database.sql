--- refused destructive-in-expand drop-database
-- migrate: phase=expand reversible=lossy
-- migrate: transaction=false
-- approve: by=data-protection-officer ticket=DB-1 reason="Nobody reads it."
DROP DATABASE reports;
VACUUM visits;
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
VACUUM visits;

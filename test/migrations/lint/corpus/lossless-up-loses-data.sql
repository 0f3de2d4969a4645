--- refused lossless-up-loses-data
-- migrate: phase=contract reversible=lossless
-- approve: by=data-protection-officer ticket=DB-1 reason="Nobody reads it."
ALTER TABLE visits DROP COLUMN room;
--- accepted
-- migrate: phase=contract reversible=lossy
-- approve: by=data-protection-officer ticket=DB-1 reason="Nobody reads it."
ALTER TABLE visits DROP COLUMN room;

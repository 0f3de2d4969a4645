--- refused truncate
-- migrate: phase=contract reversible=lossy
-- approve: by=data-protection-officer ticket=DB-1 reason="Nobody reads it."
TRUNCATE notifications;
--- accepted
-- migrate: phase=contract reversible=lossy
-- approve: by=data-protection-officer ticket=DB-1 reason="Nobody reads it."
DROP TABLE notifications;

--- refused delete-without-where
-- migrate: phase=contract reversible=lossy
-- approve: by=data-protection-officer ticket=DB-1 reason="Nobody reads it."
DELETE FROM notifications;
--- accepted
-- migrate: phase=contract reversible=lossy
-- migrate: kind=backfill table=notifications key=id batch=5000 pause=20ms
-- approve: by=data-protection-officer ticket=DB-1 reason="Nobody reads it."
DELETE FROM notifications WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2;

--- refused check-constraint-scans index-not-concurrent lossless-up-loses-data
--- file 0002_drop.up.sql
-- migrate: phase=contract reversible=lossless
-- approve: by=data-protection-officer ticket=DB-1 reason="Nobody reads it."
ALTER TABLE visits DROP COLUMN room;
--- file 0002_drop.down.sql
ALTER TABLE visits ADD COLUMN room text CHECK (room <> '');
COMMENT ON COLUMN visits.room IS 'Internal: where.';
CREATE INDEX visits_room ON visits (room);
--- accepted
--- file 0002_drop.up.sql
-- migrate: phase=contract reversible=lossy
-- approve: by=data-protection-officer ticket=DB-1 reason="Nobody reads it."
ALTER TABLE visits DROP COLUMN room;
--- file 0002_drop.down.sql
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

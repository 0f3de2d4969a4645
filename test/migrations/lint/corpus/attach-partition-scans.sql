--- refused attach-partition-scans
ALTER TABLE readings ATTACH PARTITION readings_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
--- accepted
--- file 0002_bound.up.sql
ALTER TABLE readings_2027 ADD CONSTRAINT bounds
  CHECK (taken_at IS NOT NULL AND taken_at >= '2027-01-01' AND taken_at < '2028-01-01') NOT VALID;
--- file 0003_validate.up.sql
ALTER TABLE readings_2027 VALIDATE CONSTRAINT bounds;
--- file 0004_attach.up.sql
ALTER TABLE readings ATTACH PARTITION readings_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');

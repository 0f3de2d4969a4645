--- refused type-change-rewrites
--- file 0002_add.up.sql
ALTER TABLE visits ADD COLUMN code integer;
COMMENT ON COLUMN visits.code IS 'Internal: a code.';
--- file 0003_widen.up.sql
ALTER TABLE visits ALTER COLUMN code TYPE bigint;
--- accepted
--- file 0002_add.up.sql
ALTER TABLE visits ADD COLUMN amount numeric(8, 2);
COMMENT ON COLUMN visits.amount IS 'Internal: a sum.';
--- file 0003_widen.up.sql
ALTER TABLE visits ALTER COLUMN amount TYPE numeric(10, 2);

--- refused enum-value-used
ALTER TYPE visit_status ADD VALUE 'MISSED';
INSERT INTO visit_kinds (status) VALUES ('MISSED');
--- accepted
--- file 0002_add.up.sql
ALTER TYPE visit_status ADD VALUE 'MISSED';
--- file 0003_use.up.sql
INSERT INTO visit_kinds (status) VALUES ('MISSED');

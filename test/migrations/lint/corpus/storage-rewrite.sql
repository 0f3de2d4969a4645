--- refused storage-rewrite
ALTER TABLE visits SET TABLESPACE fast;
--- accepted
ALTER TABLE visits SET (autovacuum_vacuum_scale_factor = 0.02);

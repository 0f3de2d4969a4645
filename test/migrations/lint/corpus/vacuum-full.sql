--- refused vacuum-full
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
VACUUM FULL visits;
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
VACUUM (ANALYZE) visits;

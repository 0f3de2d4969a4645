--- refused detach-partition-not-concurrent
-- migrate: phase=contract reversible=lossless
ALTER TABLE readings DETACH PARTITION readings_2020;
--- accepted
-- migrate: phase=contract reversible=lossless
-- migrate: transaction=false
ALTER TABLE readings DETACH PARTITION readings_2020 CONCURRENTLY;

--- refused bad-backfill
-- migrate: phase=expand reversible=lossless
-- migrate: kind=backfill table=visits key=id batch=5000 pause=20ms
UPDATE visits SET modality = 'video' WHERE id > $1;
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: kind=backfill table=visits key=id batch=5000 pause=20ms
UPDATE visits SET modality = 'video' WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2;

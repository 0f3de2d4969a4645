--- refused update-without-where
UPDATE visits SET modality = 'video';
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: kind=backfill table=visits key=id batch=5000 pause=20ms
UPDATE visits SET modality = 'video' WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2 AND modality IS NULL;

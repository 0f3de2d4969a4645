--- refused unbatched-change
UPDATE visits SET modality = 'video' WHERE modality IS NULL;
--- accepted
UPDATE visits SET modality = 'video' WHERE id = '00000000-0000-4000-8000-000000000001';

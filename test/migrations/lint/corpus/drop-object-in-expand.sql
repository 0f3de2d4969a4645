--- refused drop-object-in-expand
DROP FUNCTION app.copy_phone();
--- accepted
-- migrate: phase=contract reversible=lossless
DROP FUNCTION app.copy_phone();

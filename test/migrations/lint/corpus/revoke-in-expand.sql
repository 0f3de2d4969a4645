--- refused revoke-in-expand
REVOKE UPDATE ON visits FROM telehealth_api;
--- accepted
-- migrate: phase=contract reversible=lossless
REVOKE UPDATE ON visits FROM telehealth_api;

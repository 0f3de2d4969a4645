--- refused audit-grant
GRANT SELECT, UPDATE ON audit_events TO telehealth_api;
--- accepted
GRANT SELECT, INSERT ON audit_events TO telehealth_api;

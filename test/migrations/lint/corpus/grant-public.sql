--- refused grant-public
GRANT SELECT ON visits TO PUBLIC;
--- accepted
GRANT SELECT ON visits TO telehealth_api;

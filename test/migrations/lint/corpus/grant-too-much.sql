--- refused grant-too-much
GRANT ALL ON visits TO telehealth_api;
--- accepted
GRANT SELECT, INSERT, UPDATE (status) ON visits TO telehealth_api;

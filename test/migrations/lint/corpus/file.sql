--- refused file
-- migrate: phase=sometime reversible=lossless
CREATE EXTENSION pgcrypto;
--- accepted
-- migrate: phase=expand reversible=lossless
CREATE EXTENSION pgcrypto;

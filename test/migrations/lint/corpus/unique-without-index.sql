--- refused constraint-in-expand unique-without-index
ALTER TABLE users ADD CONSTRAINT users_email_once UNIQUE (email);
--- accepted
--- file 0002_index.up.sql
-- migrate: phase=expand reversible=lossless
-- migrate: transaction=false
CREATE UNIQUE INDEX CONCURRENTLY users_email_once ON users (email);
--- file 0003_constrain.up.sql
ALTER TABLE users ADD CONSTRAINT users_email_once UNIQUE USING INDEX users_email_once;

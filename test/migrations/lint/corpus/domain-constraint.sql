--- refused domain-constraint
CREATE DOMAIN slug AS text CHECK (VALUE ~ '^[a-z0-9-]+$');
--- accepted
CREATE DOMAIN slug AS text;

--- refused unlogged-table
CREATE UNLOGGED TABLE app.scratch (n bigint);
--- accepted
CREATE TABLE app.scratch (n bigint);

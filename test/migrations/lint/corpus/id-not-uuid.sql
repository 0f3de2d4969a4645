--- refused id-not-uuid
CREATE TEMPORARY TABLE rooms (id bigint PRIMARY KEY);
--- accepted
CREATE TEMPORARY TABLE rooms (id uuid PRIMARY KEY);

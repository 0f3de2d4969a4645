--- refused lossy-down-loses-nothing
--- file 0002_room.up.sql
-- migrate: phase=expand reversible=lossy
CREATE FUNCTION app.room() RETURNS text LANGUAGE sql AS $$ SELECT 'main' $$;
--- file 0002_room.down.sql
DROP FUNCTION app.room();
--- accepted
--- file 0002_room.up.sql
-- migrate: phase=expand reversible=lossless
CREATE FUNCTION app.room() RETURNS text LANGUAGE sql AS $$ SELECT 'main' $$;
--- file 0002_room.down.sql
DROP FUNCTION app.room();

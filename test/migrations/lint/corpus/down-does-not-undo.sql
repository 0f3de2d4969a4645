--- refused down-does-not-undo
--- file 0002_add_room.up.sql
-- migrate: phase=expand reversible=lossless
CREATE FUNCTION app.room() RETURNS text LANGUAGE sql AS $$ SELECT 'main' $$;
--- file 0002_add_room.down.sql
-- The function does no harm.
--- accepted
--- file 0002_add_room.up.sql
-- migrate: phase=expand reversible=lossless
CREATE FUNCTION app.room() RETURNS text LANGUAGE sql AS $$ SELECT 'main' $$;
--- file 0002_add_room.down.sql
DROP FUNCTION app.room();

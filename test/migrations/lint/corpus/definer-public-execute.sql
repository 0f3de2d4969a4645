--- refused definer-public-execute
CREATE FUNCTION app.admit() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT $$;
--- accepted
CREATE FUNCTION app.admit() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT $$;
REVOKE EXECUTE ON FUNCTION app.admit() FROM PUBLIC;

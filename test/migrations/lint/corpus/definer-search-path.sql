--- refused definer-search-path
CREATE FUNCTION app.admit() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$ SELECT $$;
REVOKE EXECUTE ON FUNCTION app.admit() FROM PUBLIC;
--- accepted
CREATE FUNCTION app.admit() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT $$;
REVOKE EXECUTE ON FUNCTION app.admit() FROM PUBLIC;

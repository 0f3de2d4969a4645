--- refused row-security-off
ALTER TABLE visits NO FORCE ROW LEVEL SECURITY;
--- accepted
ALTER POLICY api_select ON visits USING (organisation_id = (SELECT app.current_organisation()));

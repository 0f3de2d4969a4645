--- refused policy-open
CREATE POLICY api_all ON visits FOR SELECT TO telehealth_api USING (true);
--- accepted
CREATE POLICY api_own ON visits FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation()));

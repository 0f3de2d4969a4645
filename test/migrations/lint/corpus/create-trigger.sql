--- refused create-trigger
CREATE TRIGGER touch BEFORE UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION app.touch();
--- accepted
CREATE TEMPORARY TABLE plain (n bigint);
CREATE TRIGGER touch BEFORE UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION app.touch();

--- refused disable-trigger
ALTER TABLE visits DISABLE TRIGGER touch;
--- accepted
ALTER TABLE visits ENABLE ALWAYS TRIGGER touch;

--- refused owner-changed
ALTER TABLE visits OWNER TO reporter;
--- accepted
GRANT SELECT ON visits TO reporter;

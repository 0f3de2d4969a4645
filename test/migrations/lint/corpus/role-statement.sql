--- refused role-statement
CREATE ROLE reporter LOGIN;
--- accepted
GRANT SELECT ON visits TO reporter;

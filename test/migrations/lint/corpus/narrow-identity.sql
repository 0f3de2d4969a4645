--- refused narrow-identity
CREATE TEMPORARY TABLE counted (n integer GENERATED ALWAYS AS IDENTITY);
--- accepted
CREATE TEMPORARY TABLE counted (n bigint GENERATED ALWAYS AS IDENTITY);

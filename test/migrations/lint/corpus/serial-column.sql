--- refused serial-column
CREATE TEMPORARY TABLE counted (n bigserial);
--- accepted
CREATE TEMPORARY TABLE counted (n bigint GENERATED ALWAYS AS IDENTITY);

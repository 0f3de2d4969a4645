--- refused rename-enum-value
ALTER TYPE visit_status RENAME VALUE 'MISSED' TO 'NO_SHOW';
--- accepted
ALTER TYPE visit_status ADD VALUE 'NO_SHOW';

-- migrate: phase=expand reversible=lossless

-- The validated constraint says the same, so PostgreSQL looks at no row.
ALTER TABLE visits ALTER COLUMN ends_at SET NOT NULL;

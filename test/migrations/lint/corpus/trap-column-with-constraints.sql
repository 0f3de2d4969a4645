--- refused add-required-column check-constraint-scans mark-missing unique-without-index
ALTER TABLE visits ADD COLUMN room text NOT NULL UNIQUE CHECK (room <> '');
--- accepted
ALTER TABLE visits ADD COLUMN room text;
COMMENT ON COLUMN visits.room IS 'Internal: where.';

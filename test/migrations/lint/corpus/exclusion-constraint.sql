--- refused exclusion-constraint
ALTER TABLE visits ADD CONSTRAINT visits_apart EXCLUDE USING gist (clinician_id WITH =, during WITH &&);
--- accepted
CREATE TEMPORARY TABLE bookings (during tstzrange, EXCLUDE USING gist (during WITH &&));

--- refused foreign-key-without-index
CREATE TEMPORARY TABLE rooms (id uuid PRIMARY KEY, visit_id uuid REFERENCES visits);
--- accepted
CREATE TEMPORARY TABLE rooms (id uuid PRIMARY KEY, visit_id uuid REFERENCES visits);
CREATE INDEX rooms_visit ON rooms (visit_id);

--- refused cascade-into-audit constraint-in-expand
ALTER TABLE audit_events ADD CONSTRAINT audit_events_visit
  FOREIGN KEY (visit_id) REFERENCES visits (id) ON DELETE CASCADE NOT VALID;
--- accepted
ALTER TABLE audit_events ADD CONSTRAINT audit_events_visit
  FOREIGN KEY (visit_id) REFERENCES visits (id) ON DELETE RESTRICT NOT VALID;

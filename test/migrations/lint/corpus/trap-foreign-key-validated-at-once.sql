--- refused constraint-in-expand validate-in-same-transaction
ALTER TABLE visits ADD CONSTRAINT visits_room FOREIGN KEY (room_id) REFERENCES rooms (id) NOT VALID;
ALTER TABLE visits VALIDATE CONSTRAINT visits_room;
--- accepted
--- file 0002_add.up.sql
ALTER TABLE visits ADD CONSTRAINT visits_room FOREIGN KEY (room_id) REFERENCES rooms (id) NOT VALID;
--- file 0003_validate.up.sql
ALTER TABLE visits VALIDATE CONSTRAINT visits_room;

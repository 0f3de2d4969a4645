--- refused change-with-schema-change create-trigger unbatched-change
CREATE TRIGGER copy AFTER INSERT ON patients FOR EACH ROW EXECUTE FUNCTION app.copy_phone();
INSERT INTO phones (patient_id, number) SELECT id, phone FROM patients;
--- accepted
-- migrate: phase=expand reversible=lossless
-- migrate: kind=backfill table=patients key=id batch=5000 pause=20ms
INSERT INTO phones (patient_id, number)
SELECT id, phone FROM patients WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2 ON CONFLICT DO NOTHING;

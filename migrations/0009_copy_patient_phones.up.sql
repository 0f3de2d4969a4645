-- migrate: phase=expand reversible=lossless
-- migrate: kind=backfill table=patients key=id batch=5000 pause=20ms
-- check after: SELECT NOT EXISTS (SELECT FROM patients AS p WHERE p.phone IS NOT NULL AND NOT EXISTS (SELECT FROM patient_phones AS n WHERE n.organisation_id = p.organisation_id AND n.patient_id = p.id AND n.number = p.phone))

INSERT INTO patient_phones (organisation_id, patient_id, number)
SELECT organisation_id, id, phone FROM patients
WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2 AND phone IS NOT NULL
ON CONFLICT (organisation_id, patient_id, number) DO NOTHING;

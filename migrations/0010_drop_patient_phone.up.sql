-- migrate: phase=contract reversible=lossy
-- check before: SELECT NOT EXISTS (SELECT FROM patients AS p WHERE p.phone IS NOT NULL AND NOT EXISTS (SELECT FROM patient_phones AS n WHERE n.organisation_id = p.organisation_id AND n.patient_id = p.id AND n.number = p.phone))
-- approve: by=data-protection-officer ticket=DB-10 reason="Every number is in patient_phones, as the check proves, and no release reads or writes this column any more."

DROP TRIGGER copy_phone_of_changed ON patients;
DROP TRIGGER copy_phone_of_new ON patients;
DROP FUNCTION app.copy_phone();
ALTER TABLE patients DROP COLUMN phone;

-- Numbers that were written to patient_phones alone are lost.
DROP TRIGGER copy_phone_of_changed ON patients;
DROP TRIGGER copy_phone_of_new ON patients;
DROP FUNCTION app.copy_phone();
DROP TABLE patient_phones;

-- migrate: transaction=false statement_timeout=10min

-- The column comes back empty: the numbers stay in patient_phones, where they were before it went.
ALTER TABLE patients ADD COLUMN phone text;
COMMENT ON COLUMN patients.phone IS 'PHI: number for links and calls, E.164.';
ALTER TABLE patients ADD CONSTRAINT patients_phone_form CHECK (phone ~ '^\+[1-9][0-9]{6,14}$') NOT VALID;
ALTER TABLE patients VALIDATE CONSTRAINT patients_phone_form;
CREATE INDEX CONCURRENTLY patients_organisation_phone ON patients (organisation_id, phone) WHERE phone IS NOT NULL;
GRANT UPDATE (phone) ON patients TO telehealth_api;

CREATE FUNCTION app.copy_phone() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.phone IS NOT NULL THEN
    UPDATE public.patient_phones SET retired_at = clock_timestamp()
    WHERE organisation_id = OLD.organisation_id AND patient_id = OLD.id AND number = OLD.phone;
  END IF;
  IF NEW.phone IS NOT NULL THEN
    INSERT INTO public.patient_phones (organisation_id, patient_id, number)
    VALUES (NEW.organisation_id, NEW.id, NEW.phone)
    ON CONFLICT (organisation_id, patient_id, number) DO UPDATE SET retired_at = NULL;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION app.copy_phone() IS 'Copies patients.phone, which an older release writes, into patient_phones.';
REVOKE EXECUTE ON FUNCTION app.copy_phone() FROM PUBLIC;
CREATE TRIGGER copy_phone_of_new AFTER INSERT ON patients FOR EACH ROW
  WHEN (NEW.phone IS NOT NULL) EXECUTE FUNCTION app.copy_phone();
CREATE TRIGGER copy_phone_of_changed AFTER UPDATE OF phone ON patients FOR EACH ROW
  WHEN (OLD.phone IS DISTINCT FROM NEW.phone) EXECUTE FUNCTION app.copy_phone();

-- migrate: phase=expand reversible=lossy

-- A patient has more than one number, and says for each whether it may be texted. patients.phone stays until no
-- release uses it; until then what is written there is copied.
CREATE TABLE patient_phones (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations,
  patient_id uuid NOT NULL,
  number text NOT NULL CONSTRAINT patient_phones_number_form CHECK (number ~ '^\+[1-9][0-9]{6,14}$'),
  texts_agreed_at timestamptz,
  retired_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT patient_phones_once UNIQUE (organisation_id, patient_id, number),
  CONSTRAINT patient_phones_patient FOREIGN KEY (organisation_id, patient_id)
    REFERENCES patients (organisation_id, id)
);
CREATE INDEX patient_phones_number ON patient_phones (organisation_id, number);
COMMENT ON TABLE patient_phones IS 'Numbers that patients are called and texted on.';
COMMENT ON COLUMN patient_phones.id IS 'Internal: the entry.';
COMMENT ON COLUMN patient_phones.organisation_id IS 'Internal: who sees the patient.';
COMMENT ON COLUMN patient_phones.patient_id IS 'PHI: whose number it is.';
COMMENT ON COLUMN patient_phones.number IS 'PHI: the number, E.164.';
COMMENT ON COLUMN patient_phones.texts_agreed_at IS 'PHI: when the patient agreed to be texted on it; NULL when they did not.';
COMMENT ON COLUMN patient_phones.retired_at IS 'PHI: from when it is not the patient''s any more.';
COMMENT ON COLUMN patient_phones.created_at IS 'Internal: when the row was made.';

ALTER TABLE patient_phones ENABLE ROW LEVEL SECURITY;
ALTER TABLE patient_phones FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON patient_phones TO telehealth_migrator USING (true) WITH CHECK (true);
-- For whoever sees the patient: the sub-select passes the policies of patients.
CREATE POLICY api_select ON patient_phones FOR SELECT TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND EXISTS (SELECT FROM patients AS p WHERE p.id = patient_phones.patient_id));
CREATE POLICY api_insert ON patient_phones FOR INSERT TO telehealth_api
  WITH CHECK (organisation_id = (SELECT app.current_organisation())
    AND ((SELECT app.is_administrator()) OR (SELECT app.acts_as('DOCTOR', 'SUPPORT'))));
CREATE POLICY api_update ON patient_phones FOR UPDATE TO telehealth_api
  USING (organisation_id = (SELECT app.current_organisation())
    AND ((SELECT app.is_administrator()) OR (SELECT app.acts_as('DOCTOR', 'SUPPORT'))));
GRANT SELECT, INSERT, UPDATE (texts_agreed_at, retired_at) ON patient_phones TO telehealth_api;

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

-- The practice that releases are tried in: no person works there and no person is seen there. Its clinician is the
-- synthetic person of the user pool, whose row is made at the first request (lib/identity/synthetic.ts).
INSERT INTO organisations (slug, name) VALUES ('synthetic-practice', 'Synthetic practice')
ON CONFLICT (slug) DO NOTHING;
INSERT INTO patients (id, organisation_id, given_name, family_name, date_of_birth, state)
VALUES ('00000000-0000-4000-8000-00000000051a', (SELECT id FROM organisations WHERE slug = 'synthetic-practice'),
  'Synthetic', 'Patient', '1980-01-01', 'NY')
ON CONFLICT (id) DO NOTHING;

import type { Client } from 'pg';
import { SYNTHETIC } from '../../../lib/identity/synthetic';
import type { TestDatabases } from '../support/databases';
import { readShipped, startMigrated } from '../support/schema';

jest.setTimeout(90_000);

let databases: TestDatabases;
let migrator: Client;

beforeAll(async () => {
  databases = await startMigrated();
  migrator = await (await databases.fresh()).migrator();
});

afterAll(() => databases.remove());

const practice = async (): Promise<unknown[]> =>
  (
    await migrator.query<Record<string, string>>(
      `SELECT slug, patients.id, given_name, family_name FROM organisations
        LEFT JOIN patients ON patients.organisation_id = organisations.id WHERE slug = $1`,
      [SYNTHETIC.organisation],
    )
  ).rows;

const ONE_PATIENT = [
  {
    slug: SYNTHETIC.organisation,
    id: SYNTHETIC.patientId,
    given_name: 'Synthetic',
    family_name: 'Patient',
  },
];

test('the practice that releases are tried in is there, with the patient that the visit is made for', async () => {
  expect(await practice()).toEqual(ONE_PATIENT);
});

test('its script may run at every release: what is there stays as it is', async () => {
  const script = (await readShipped()).repeatables.find(({ name }) => name === 'synthetic_practice');
  if (!script) throw new Error('There is no such script.');
  await migrator.query(script.script.statements.map(({ sql }) => sql).join(';'));
  expect(await practice()).toEqual(ONE_PATIENT);
});

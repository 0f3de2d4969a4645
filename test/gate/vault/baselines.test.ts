import * as fs from 'node:fs';
import * as path from 'node:path';
import { fetchLastReleased, tellReleased } from '../../../lib/gate/vault/baselines';
import { readPlace } from '../../../lib/gate/vault/place';
import { publish } from '../../../lib/gate/vault/publish';
import { type Judged, linkText } from '../../../lib/gate/vault/release';
import { Vault } from '../../../lib/gate/vault/vault';
import { S3Server } from '../../support/s3-server';
import { cleanUp, scratch } from '../evidence/support';
import { signerWithKey } from '../chain/support';

const PROD = 'Pipeline/Prod';
const { signer, publicKey } = signerWithKey();
let s3: S3Server;
let judged: Judged;
let baselines: Vault;

beforeAll(async () => {
  s3 = await S3Server.start();
  baselines = new Vault(s3.client, readPlace('s3://evidence/baselines'));
  judged = {
    vault: new Vault(s3.client, readPlace('s3://evidence/releases')),
    trust: { publicKey },
    retention: { mode: 'COMPLIANCE', years: 6 },
  };
});
beforeEach(() => s3.objects.clear());
afterAll(async () => {
  await s3.stop();
  cleanUp();
});

/** Seals evidence that says of itself that it is of an environment. */
function seal(version: string, environment?: string) {
  const folder = path.join(scratch(), 'evidence');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'report.json'), JSON.stringify({ version }));
  return publish(folder, {
    ...{ system: 'telehealth', commit: version, signer, vault: judged.vault },
    ...(environment !== undefined && { environment }),
  });
}
/** Does what the publisher of an environment does. */
async function release(version: string, environment = PROD) {
  const link = await seal(version, environment);
  await tellReleased(environment, link, baselines);
  return link;
}
const last = (folder = path.join(scratch(), 'last')) => fetchLastReleased(PROD, folder, judged, baselines);

test('the last release to an environment is found among those to others', async () => {
  expect(await last()).toBeUndefined();
  await release('1');
  const wanted = await release('2');
  await release('3', 'Pipeline/Staging');
  const folder = path.join(scratch(), 'last');
  expect(await last(folder)).toEqual({ link: wanted, findings: [] });
  expect(JSON.parse(fs.readFileSync(path.join(folder, 'report.json'), 'utf8'))).toEqual({ version: '2' });
});

test('evidence that says it is of the environment, and was sealed without a release, is no baseline', async () => {
  await seal('pushed', PROD);
  expect(await last()).toBeUndefined();
  const wanted = await release('approved');
  await seal('pushed again', PROD);
  expect(await last()).toEqual({ link: wanted, findings: [] });
});

test('the tenth release comes after the ninth, and telling twice changes nothing', async () => {
  for (let number = 1; number <= 9; number += 1) await seal(String(number));
  const ninth = await release('ninth');
  await tellReleased(PROD, ninth, baselines);
  const told = [...s3.objects].filter(([key]) => key.startsWith('baselines/'));
  expect(told.map(([key, versions]) => [key, versions.length])).toEqual([
    ['baselines/Pipeline/Prod/000010/link', 1],
  ]);
  expect(told[0]?.[1][0]?.body.toString()).toBe(linkText(ninth));
});

test('evidence that was replaced since it was released, or is of another environment, is told', async () => {
  const link = await seal('1', 'Pipeline/Staging');
  await tellReleased(PROD, link, baselines);
  expect((await last())?.findings).toEqual([
    {
      ...{ flaw: 'broken-link', place: '000001' },
      words: 'is told to be a release to Pipeline/Prod, and is one to Pipeline/Staging',
    },
  ]);
  await tellReleased(PROD, { ...(await seal('2', PROD)), sha256: 'f'.repeat(64) }, baselines);
  expect((await last())?.findings.map(({ flaw }) => flaw)).toEqual(['truncated']);
});

test('a baseline that names nothing is refused with its place, and is no first release', async () => {
  s3.add('baselines/Pipeline/Prod/000001/link', 'latest');
  await expect(last()).rejects.toThrow(
    /^s3:\/\/evidence\/baselines\/Pipeline\/Prod\/000001\/link cannot be read: "latest" names no sealed evidence/,
  );
});

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { sha256 } from '../../../lib/gate/chain/canonical';
import { type Retention, verifyVault } from '../../../lib/gate/vault/audit';
import { readPlace, written } from '../../../lib/gate/vault/place';
import { publish } from '../../../lib/gate/vault/publish';
import { Vault, vaultClient } from '../../../lib/gate/vault/vault';
import { S3Server } from '../../support/s3-server';
import { signerWithKey } from '../chain/support';

const SIX_YEARS: Retention = { mode: 'COMPLIANCE', years: 6 };
const { signer, publicKey } = signerWithKey();
let root: string;
let s3: S3Server;
let vault: Vault;

beforeEach(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'vault-test-'));
  s3 = await S3Server.start();
  vault = new Vault(s3.client, readPlace('s3://evidence/releases'));
});
afterEach(async () => {
  await s3.stop();
  fs.rmSync(root, { recursive: true });
});

/** A folder of evidence. */
function evidence(name: string): string {
  const folder = path.join(root, name);
  fs.mkdirSync(path.join(folder, 'templates'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'report.json'), JSON.stringify({ name }));
  fs.writeFileSync(path.join(folder, 'templates/App.json'), '{}');
  return folder;
}
const put = (name: string, environment?: string) =>
  publish(evidence(name), {
    ...{ system: 'telehealth', commit: name, signer, vault },
    ...(environment !== undefined && { environment }),
  });
const flaws = async (retention = SIX_YEARS, head?: string): Promise<readonly string[]> => {
  const trust = { publicKey, ...(head !== undefined && { head }) };
  const { findings } = await verifyVault(vault, trust, retention);
  return findings.map(({ flaw, place }) => `${flaw} ${place}`);
};
const key = (file: string): string => `releases/${file}`;
/** The first version of an object, to tamper with. */
const first = (file: string) => s3.objects.get(key(file))![0]!;

describe('publishing', () => {
  test('makes a chain that is whole, release after release, over TLS', async () => {
    await put('one');
    await put('two', 'prod');
    const last = await put('three');
    expect(last.sequence).toBe(3);
    expect(await flaws(SIX_YEARS, last.sha256)).toEqual([]);
    const { manifest } = await vault.manifest('000002');
    expect(manifest).toMatchObject({ sequence: 2, commit: 'two', environment: 'prod' });
  });

  test('two at once take a number each, and neither is lost', async () => {
    await put('one');
    const links = await Promise.all(['two', 'three', 'four', 'five'].map((name) => put(name)));
    expect(links.map(({ sequence }) => sequence).sort()).toEqual([2, 3, 4, 5]);
    expect(await flaws()).toEqual([]);
  });

  test('that was cut off is told as missing, and goes on where it was when it is called again', async () => {
    await put('one');
    s3.beforeWrite = (file) => {
      if (file.endsWith('templates/App.json')) throw new Error('cut off');
    };
    await expect(put('two')).rejects.toThrow('AccessDenied');
    s3.beforeWrite = () => undefined;
    expect(await flaws()).toContain('missing 000002/templates/App.json');
    expect((await put('two')).sequence).toBe(2);
    expect(await flaws()).toEqual([]);
  });

  test('again what is there already changes nothing', async () => {
    const link = await put('one');
    const before = [...s3.objects].map(([file, versions]) => [file, versions.length]);
    expect(await put('one')).toEqual(link);
    expect([...s3.objects].map(([file, versions]) => [file, versions.length])).toEqual(before);
  });

  test('onto a release whose manifest is none is refused in a sentence', async () => {
    s3.add(key('000001/manifest.json'), 'none');
    await expect(put('one')).rejects.toThrow(/^s3:\/\/evidence\/releases\/000001 has no manifest /);
  });
});

describe('of a chain that was published', () => {
  let head: string;
  beforeEach(async () => {
    for (const name of ['one', 'two', 'three']) head = (await put(name)).sha256;
  });

  test.each<[string, () => void, readonly string[]]>([
    [
      'a byte of the locked version is another',
      () => void (first('000002/report.json').body = Buffer.from('{"name":"twp"}')),
      ['altered 000002/report.json'],
    ],
    [
      'a file was written again',
      () => s3.add(key('000002/report.json'), '{"name":"other"}'),
      ['altered 000002/report.json'],
    ],
    [
      'a file is hidden by a delete marker',
      () => s3.add(key('000002/report.json'), '', { deletion: true }),
      ['deleted 000002/report.json'],
    ],
    [
      'a file is gone with all its versions',
      () => void s3.objects.delete(key('000002/report.json')),
      ['missing 000002/report.json'],
    ],
    ['a file was added', () => s3.add(key('000002/extra.csv'), ''), ['added 000002/extra.csv']],
    [
      'the signature is gone',
      () => void s3.objects.delete(key('000002/manifest.sig')),
      ['unsigned 000002/manifest.sig'],
    ],
    [
      'the signature is another',
      () => void (first('000002/manifest.sig').body = first('000001/manifest.sig').body),
      ['bad-signature 000002/manifest.sig'],
    ],
    [
      'a whole release is gone',
      () => {
        for (const file of [...s3.objects.keys()])
          if (file.startsWith(key('000002/'))) s3.objects.delete(file);
      },
      ['gap 000003'],
    ],
    [
      'a file is not locked',
      () => Object.assign(first('000002/report.json'), { mode: undefined, until: undefined }),
      ['not-retained 000002/report.json'],
    ],
    [
      'a file is locked for five years',
      () => Object.assign(first('000002/report.json'), { until: new Date('2031-11-28') }),
      ['not-retained 000002/report.json'],
    ],
    [
      'a file is locked so that a privileged role may end it',
      () => Object.assign(first('000002/report.json'), { mode: 'GOVERNANCE' }),
      ['not-retained 000002/report.json'],
    ],
    [
      'a file was written while versions were off',
      () => Object.assign(first('000002/report.json'), { id: 'null' }),
      ['not-retained 000002/report.json'],
    ],
    ['versions are off', () => void (s3.settings.versioned = false), ['not-retained evidence']],
    [
      'the bucket locks nothing any more',
      () => void (s3.settings.mode = undefined),
      ['not-retained evidence'],
    ],
    ['a key leads out of its folder', () => s3.add(key('000002/../../x'), ''), ['added 000002/../../x']],
    [
      'a key is also a folder',
      () => s3.add(key('000002/templates'), ''),
      expect.arrayContaining([expect.stringMatching(/^added 000002\/templates/)]) as never,
    ],
  ])('it is told that %s', async (_what, tamper, expected) => {
    tamper();
    expect(await flaws()).toEqual(expected);
  });

  test('the newest release cannot be cut off unseen where its head was noted', async () => {
    for (const file of [...s3.objects.keys()]) if (file.startsWith(key('000003/'))) s3.objects.delete(file);
    expect(await flaws()).toEqual([]);
    expect(await flaws(SIX_YEARS, head)).toEqual(['truncated 000002']);
  });

  test('a lock by GOVERNANCE is enough where that is configured, and a stronger one too', async () => {
    first('000002/report.json').mode = 'GOVERNANCE';
    expect(await flaws({ mode: 'GOVERNANCE', years: 6 })).toEqual([]);
  });

  test('what S3 refuses to give is told, and the rest is verified', async () => {
    s3.unreadable.add(first('000002/report.json').id);
    expect(await flaws()).toEqual(['unreadable 000002/report.json', 'missing 000002/report.json']);
  });

  test('words name the version, its moment and what was wanted', async () => {
    s3.add(key('000002/report.json'), 'other');
    Object.assign(first('000001/report.json'), { until: new Date('2031-01-01') });
    const { findings } = await verifyVault(vault, { publicKey }, SIX_YEARS);
    expect(findings.map(({ words }) => words)).toEqual([
      expect.stringMatching(/^is locked until 2031-01-01T.* where 2032-11-28T.* is wanted \(6 years\)$/),
      expect.stringMatching(
        /^was written again at 2026-11-28T.* \(version v\d+\); version v\d+ is verified$/,
      ),
    ]);
  });

  test('one release alone is verified by its own place', async () => {
    const one = new Vault(s3.client, readPlace('s3://evidence/releases/000002/'));
    expect((await verifyVault(one, { publicKey }, SIX_YEARS)).findings).toEqual([]);
    first('000002/report.json').body = Buffer.from('{}');
    const { findings } = await verifyVault(one, { publicKey }, SIX_YEARS);
    expect(findings).toMatchObject([{ flaw: 'altered', place: 'report.json' }]);
  });
});

test('a place without evidence, a place that is none and plain HTTP are refused in a sentence', async () => {
  await expect(verifyVault(vault, { publicKey }, SIX_YEARS)).rejects.toThrow(
    /^s3:\/\/evidence\/releases holds nothing/,
  );
  for (const uri of ['s3://', 's3://UPPER/x', 's3://evidence/../x', 'https://evidence'])
    expect(() => readPlace(uri)).toThrow(/is no place in S3, expected s3:/);
  expect(written(readPlace('s3://evidence'))).toBe('s3://evidence');
  const plain = vaultClient({
    ...{ endpoint: 'http://127.0.0.1:1', region: 'us-east-1', forcePathStyle: true },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await expect(new Vault(plain, vault.place).folders()).rejects.toThrow(
    'by http: where evidence goes by https: alone',
  );
});

test('what is signed is what lies there', async () => {
  const link = await put('one');
  expect(sha256(first('000001/manifest.json').body)).toBe(link.sha256);
});

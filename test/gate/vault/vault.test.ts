import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { canonical, sha256 } from '../../../lib/gate/chain/canonical';
import { fingerprint } from '../../../lib/gate/chain/keys';
import { LAST_NUMBER } from '../../../lib/gate/chain/model';
import { manifestOf } from '../../../lib/gate/chain/seal';
import { type Retention, verifyVault } from '../../../lib/gate/vault/audit';
import { readPlace, written } from '../../../lib/gate/vault/place';
import { wordsOf } from '../../../lib/gate/vault/end';
import { publish } from '../../../lib/gate/vault/publish';
import { fetchRelease } from '../../../lib/gate/vault/release';
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
const put = (name: string, environment?: string, pause?: number) =>
  publish(evidence(name), {
    ...{ system: 'telehealth', commit: name, signer, vault },
    ...(environment !== undefined && { environment }),
    ...(pause !== undefined && { pause }),
  });
/** Publishes without waiting for signatures of others. */
const putAtOnce = (name: string) => put(name, undefined, 1);
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

  test('passes over places that are taken and cannot be read, says so, and they are told ever after', async () => {
    await put('one');
    s3.add(key('000002/manifest.json'), 'none');
    s3.add(key('000003/report.json'), '{}');
    s3.add(key('000004/manifest.json'), first('000001/manifest.json').body.toString());
    s3.add(key('999999/manifest.json'), '{}');
    const { sequence, passedOver } = await put('two');
    expect(sequence).toBe(5);
    expect(passedOver).toEqual([
      { sequence: 2, words: 'is no JSON' },
      { sequence: 3, words: 'there is none' },
      { sequence: 4, words: 'it is that of number 1' },
      { sequence: 999999, words: expect.stringMatching(/^schemaVersion: /) as string },
    ]);
    expect((await put('three')).passedOver).toMatchObject([{ sequence: 999999 }]);
    const { manifest } = await vault.manifest('000005');
    expect(manifest).toMatchObject({ passedOver, previous: sha256(first('000001/manifest.json').body) });
    const told = await flaws();
    for (const place of ['000002', '999999']) expect(told).toContain(`unreadable ${place}/manifest.json`);
    expect(told).toEqual(expect.arrayContaining(['missing 000003/manifest.json', 'fork 000004']));
    expect(told.filter((line) => /^(gap|broken-link|truncated)/.test(line))).toEqual([]);
  });

  test('begins a chain after a first place that cannot be read', async () => {
    s3.add(key('000001/manifest.json'), 'none');
    expect(wordsOf((await put('one')).passedOver)).toEqual([
      'Number 1 holds no sealed manifest (is no JSON): it was passed over, as the new manifest says.',
    ]);
    expect((await flaws()).filter((line) => !line.includes('000001/'))).toEqual([]);
  });

  describe('beside what nobody sealed', () => {
    /** Puts a manifest of a number, in the form of one, as whoever can write to the bucket may. */
    const forge = async (number: number, place = Vault.folder(number)): Promise<string> => {
      const { manifest } = await vault.manifest('000001');
      const forged = canonical({ ...manifest, commit: 'forged', sequence: number, previous: 'a'.repeat(64) });
      s3.add(key(`${place}/manifest.json`), forged);
      return forged;
    };
    const judged = () => ({ vault, trust: { publicKey }, retention: SIX_YEARS });

    test('a manifest without a signature is passed over and told, and the chain goes on behind the newest that is sealed', async () => {
      const one = await put('one');
      await forge(500);
      const two = await putAtOnce('two');
      expect(two).toMatchObject({ sequence: 2, passedOver: [{ sequence: 500, words: 'has no signature' }] });
      expect((await vault.manifest('000002')).manifest.previous).toBe(one.sha256);
      expect(await fetchRelease(two, path.join(root, 'fetched'), judged())).toEqual([]);
      const three = await putAtOnce('three');
      expect(three.sequence).toBe(3);
      const told = await flaws(SIX_YEARS, three.sha256);
      expect(told).toContain('unsigned 000500/manifest.sig');
      expect(told.filter((line) => !line.includes('000500/'))).toEqual([]);
    });

    test('one that another key has signed is passed over, and one that the key has is followed', async () => {
      await put('one');
      const forged = await forge(2);
      const other = signerWithKey();
      s3.add(key('000002/manifest.sig'), Buffer.from(await other.signer.sign(Buffer.from(forged))));
      expect(await putAtOnce('two')).toMatchObject({
        sequence: 3,
        passedOver: [{ sequence: 2, words: `is not signed with the key ${fingerprint(publicKey)}` }],
      });
      expect((await put('three')).passedOver).toBeUndefined();
      expect((await flaws()).filter((line) => !line.includes('000002/'))).toEqual([]);
    });

    test.each(['9007199254740991', '1000000', '000000'])(
      'a number beyond those of a chain is no place in it: %s',
      async (place) => {
        await put('one');
        await forge(Number(place), place);
        for (const [index, name] of ['two', 'three'].entries()) {
          const { sequence, passedOver } = await putAtOnce(name);
          expect([sequence, passedOver]).toEqual([index + 2, undefined]);
        }
        const told = await flaws();
        expect(told).toContain(`unreadable ${place}/manifest.json`);
        expect(told.filter((line) => !line.includes(place))).toEqual([]);
      },
    );

    test('the last number of a chain is its last', () => {
      const previous = { sequence: LAST_NUMBER, sha256: 'a'.repeat(64) };
      const passedOver = [{ sequence: LAST_NUMBER, words: 'has no signature' }];
      const options = { system: 'telehealth', commit: 'c', previous };
      expect(() => manifestOf(evidence('one'), options)).toThrow('Every number of the chain up to 999999');
      const before = { ...options, previous: { ...previous, sequence: LAST_NUMBER - 2 } };
      expect(manifestOf(evidence('one'), { ...before, passedOver }).sequence).toBe(LAST_NUMBER - 1);
    });
  });

  describe('that was cut off before it signed', () => {
    beforeEach(async () => {
      await put('one');
      s3.beforeWrite = (file) => {
        if (file.endsWith('manifest.sig')) throw new Error('cut off');
      };
      await expect(put('two')).rejects.toThrow('AccessDenied');
      s3.beforeWrite = () => undefined;
    });

    test('goes on where it was, while another waits for its signature', async () => {
      const [three, two] = await Promise.all([put('three'), put('two')]);
      expect([two.sequence, three.sequence]).toEqual([2, 3]);
      expect(await flaws(SIX_YEARS, three.sha256)).toEqual([]);
    });

    test('is passed over by another that has waited, and begins anew behind it', async () => {
      expect(await putAtOnce('three')).toMatchObject({ sequence: 3, passedOver: [{ sequence: 2 }] });
      expect((await put('two')).sequence).toBe(4);
      expect((await flaws()).filter((line) => !line.includes('000002/'))).toEqual([]);
    });
  });

  test('stops where S3 does not give a manifest: that says nothing of what it holds', async () => {
    await put('one');
    s3.unreadable.add(first('000001/manifest.json').id);
    await expect(put('two')).rejects.toThrow();
  });

  test('after a place that was passed over, a release is fetched and found whole', async () => {
    await put('one');
    s3.add(key('000002/manifest.json'), 'none');
    const link = await put('two');
    const judged = { vault, trust: { publicKey }, retention: SIX_YEARS };
    expect(await fetchRelease(link, path.join(root, 'fetched'), judged)).toEqual([]);
  });

  test('a name that no release has is no place in the chain', async () => {
    await put('one');
    s3.add(key('0000007/manifest.json'), 'none');
    expect(await put('two')).toEqual({ sequence: 2, sha256: expect.any(String) as string });
    expect(await flaws()).toContain('unreadable 0000007/manifest.json');
  });

  test('a file beside the releases is told', async () => {
    await put('one');
    s3.add(key('note.txt'), 'read me');
    expect(await flaws()).toContain('added note.txt');
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

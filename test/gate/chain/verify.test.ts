import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { canonical, sha256 } from '../../../lib/gate/chain/canonical';
import { manifestSchema } from '../../../lib/gate/chain/model';
import { readPublicKey } from '../../../lib/gate/chain/keys';
import { linkOf, seal } from '../../../lib/gate/chain/seal';
import { verifyEvidence } from '../../../lib/gate/chain/verify';
import { signerWithKey, writeChain } from './support';

const { signer, publicKey } = signerWithKey();
let root: string;
let folders: readonly string[];

beforeEach(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'evidence-'));
  folders = await writeChain(root, 4, signer);
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const at = (number: number, file = ''): string => path.join(folders[number - 1] ?? '', file);
const flaws = (head?: string): string[] =>
  verifyEvidence(root, { publicKey, ...(head !== undefined && { head }) }).findings.map(
    ({ flaw, place }) => `${flaw} ${place}`,
  );
const headOf = (number: number): string => sha256(fs.readFileSync(at(number, 'manifest.json')));

/** Writes the manifest of a release anew with changes, and signs it with a key. */
async function forge(number: number, changes: object, by = signer): Promise<void> {
  const file = at(number, 'manifest.json');
  const text = canonical({ ...(JSON.parse(fs.readFileSync(file, 'utf8')) as object), ...changes });
  fs.writeFileSync(file, text);
  fs.writeFileSync(at(number, 'manifest.sig'), await by.sign(Buffer.from(text)));
}

test('a chain that nobody touched is whole', () => {
  expect(flaws(headOf(4))).toEqual([]);
  const { releases } = verifyEvidence(root, { publicKey });
  expect(releases.map(({ manifest }) => manifest.sequence)).toEqual([1, 2, 3, 4]);
});

test('one release alone is verified too', () => {
  expect(verifyEvidence(at(3), { publicKey }).findings).toEqual([]);
});

test.each<[string, () => void | Promise<void>, readonly string[]]>([
  [
    'a byte is changed',
    () => fs.writeFileSync(at(2, 'report.json'), '{"number":3}'),
    ['altered 000002/report.json'],
  ],
  [
    'a file grows',
    () => fs.appendFileSync(at(2, 'templates/App.json'), ' '),
    ['altered 000002/templates/App.json'],
  ],
  ['a file is taken', () => fs.rmSync(at(2, 'report.json')), ['missing 000002/report.json']],
  [
    'a file is a link to the same content',
    () => {
      fs.renameSync(at(2, 'report.json'), at(2, 'elsewhere.json'));
      fs.symlinkSync('elsewhere.json', at(2, 'report.json'));
    },
    ['missing 000002/report.json', 'added 000002/elsewhere.json'],
  ],
  ['a file is added', () => fs.writeFileSync(at(2, 'extra.csv'), ''), ['added 000002/extra.csv']],
  ['the signature is taken', () => fs.rmSync(at(2, 'manifest.sig')), ['unsigned 000002/manifest.sig']],
  [
    'the signature is that of another release',
    () => fs.copyFileSync(at(1, 'manifest.sig'), at(2, 'manifest.sig')),
    ['bad-signature 000002/manifest.sig'],
  ],
  [
    'the signature is no signature',
    () => fs.writeFileSync(at(2, 'manifest.sig'), 'signed'),
    ['bad-signature 000002/manifest.sig'],
  ],
  [
    'content and manifest are changed together',
    () => {
      fs.writeFileSync(at(4, 'report.json'), '{"number":5}');
      const file = at(4, 'manifest.json');
      const before = sha256('{"number":4}');
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(before, sha256('{"number":5}')));
    },
    ['bad-signature 000004/manifest.sig'],
  ],
  [
    'an old release is signed anew by the right key',
    () => forge(2, { commit: 'other' }),
    ['broken-link 000003'],
  ],
  ['a release is taken out of the middle', () => fs.rmSync(at(2), { recursive: true }), ['gap 000003']],
  ['the first release is taken', () => fs.rmSync(at(1), { recursive: true }), ['truncated 000002']],
  [
    'a manifest is taken',
    () => fs.rmSync(at(2, 'manifest.json')),
    ['missing 000002/manifest.json', 'gap 000003'],
  ],
  [
    'two releases change their places',
    () => {
      fs.renameSync(at(2), path.join(root, 'x'));
      fs.renameSync(at(3), at(2));
      fs.renameSync(path.join(root, 'x'), at(3));
    },
    ['gap 000003'],
  ],
  [
    'a second release takes the same number',
    () => fs.cpSync(at(4), path.join(root, '000005'), { recursive: true }),
    ['fork 000005'],
  ],
  [
    'a manifest is written in another form',
    async () => {
      const value: unknown = JSON.parse(fs.readFileSync(at(4, 'manifest.json'), 'utf8'));
      const text = JSON.stringify(value, undefined, 1);
      fs.writeFileSync(at(4, 'manifest.json'), text);
      fs.writeFileSync(at(4, 'manifest.sig'), await signer.sign(Buffer.from(text)));
    },
    ['not-canonical 000004/manifest.json'],
  ],
  [
    'a path leads out of the folder',
    () => forge(4, { files: [{ path: '../000001/report.json', bytes: 12, sha256: sha256('{"number":1}') }] }),
    ['missing 000004/../000001/report.json', 'added 000004/report.json', 'added 000004/templates/App.json'],
  ],
  ['a file lies beside the releases', () => fs.writeFileSync(path.join(root, 'x'), ''), ['added x']],
  [
    'a link lies beside the releases',
    () => fs.symlinkSync(at(4), path.join(root, '000005')),
    ['added 000005'],
  ],
  [
    'a release is a link to another place',
    () => {
      fs.renameSync(at(4), path.join(root, '..', path.basename(root) + '-moved'));
      fs.symlinkSync(path.join('..', path.basename(root) + '-moved'), at(4));
    },
    ['added 000004'],
  ],
  [
    'a release passes over one that can be read',
    () => forge(4, { previous: headOf(2), passedOver: [{ sequence: 3, words: 'is no JSON' }] }),
    ['broken-link 000004'],
  ],
  [
    'a release passes over one that is not there',
    async () => {
      await forge(4, { previous: headOf(2), passedOver: [{ sequence: 3, words: 'is no JSON' }] });
      fs.rmSync(at(3), { recursive: true });
    },
    ['gap 000004'],
  ],
  [
    'a release passes over one that cannot be read',
    async () => {
      await forge(4, { previous: headOf(2), passedOver: [{ sequence: 3, words: 'there is none' }] });
      fs.rmSync(at(3, 'manifest.json'));
    },
    ['missing 000003/manifest.json'],
  ],
  [
    'a release passes over fewer than there are',
    async () => {
      await forge(4, { previous: headOf(1), passedOver: [{ sequence: 3, words: 'there is none' }] });
      fs.rmSync(at(2), { recursive: true });
      fs.rmSync(at(3, 'manifest.json'));
    },
    ['missing 000003/manifest.json', 'gap 000004'],
  ],
  [
    'the first passes over what is not there',
    async () => {
      await forge(2, { previous: null, passedOver: [{ sequence: 1, words: 'there is none' }] });
      for (const number of [1, 3, 4]) fs.rmSync(at(number), { recursive: true });
    },
    ['gap 000002'],
  ],
  ['the chain is of another system', () => forge(4, { system: 'other' }), ['broken-link 000004']],
])('it is told that %s', async (_what, tamper, expected) => {
  await tamper();
  expect(flaws()).toEqual(expected);
});

test('newest releases that were cut off are told by the head that was noted', () => {
  const head = headOf(4);
  fs.rmSync(at(4), { recursive: true });
  expect(flaws(head)).toEqual(['truncated 000003']);
});

test('of a release alone its manifest is named where another head was noted', () => {
  const { findings } = verifyEvidence(at(3), { publicKey, head: headOf(4) });
  expect(findings).toEqual([
    {
      ...{ flaw: 'truncated', place: 'manifest.json' },
      words: `the newest manifest is ${headOf(3)} where ${headOf(4)} was noted`,
    },
  ]);
});

test('a release that another key has signed is told with both keys', async () => {
  const other = signerWithKey();
  await seal(at(4), { system: 'telehealth', commit: 'c4', signer: other.signer, previous: at(3) });
  const { findings } = verifyEvidence(root, { publicKey });
  expect(findings).toEqual([
    {
      flaw: 'bad-signature',
      place: '000004/manifest.sig',
      words: expect.stringMatching(
        /^is not by the key [0-9a-f]{16} .*: the key [0-9a-f]{16} has signed it$/,
      ) as string,
    },
    {
      flaw: 'altered',
      place: '000004/manifest.pub.pem',
      words: expect.stringMatching(/^is not the key [0-9a-f]{16}$/) as string,
    },
  ]);
});

test('a key that is exchanged, changed or taken away beside a sound release is told', () => {
  const file = at(2, 'manifest.pub.pem');
  const flaws = () => verifyEvidence(root, { publicKey }).findings.map(({ flaw, place }) => [flaw, place]);
  const key = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(
    file,
    key.replace(/[A-Za-z]/, (letter) => (letter === 'Q' ? 'R' : 'Q')),
  );
  expect(flaws()).toEqual([['altered', '000002/manifest.pub.pem']]);
  fs.rmSync(file);
  expect(flaws()).toEqual([['missing', '000002/manifest.pub.pem']]);
});

test('what is no evidence and what is no key are refused in a sentence', () => {
  expect(() => verifyEvidence(path.join(root, 'none'), { publicKey })).toThrow(/^There is no folder /);
  expect(() => verifyEvidence(at(1, 'templates'), { publicKey })).toThrow(/holds no evidence/);
  expect(() => verifyEvidence(root, { publicKey: 'no key' })).toThrow();
});

test('a place, a key and a release before that are no such thing are refused in a sentence with their name', async () => {
  const file = path.join(root, 'text');
  fs.writeFileSync(file, '{');
  const folder = path.join(root, 'before');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'manifest.json'), '{');
  expect(() => verifyEvidence(file, { publicKey })).toThrow(
    `${file} is a file, expected the folder of a release`,
  );
  expect(() => readPublicKey(file)).toThrow(`${file} holds no public key, expected PEM`);
  expect(() => readPublicKey(`${file}s`)).toThrow(`There is no file ${file}s, expected a public key in PEM.`);
  expect(() => linkOf(folder)).toThrow(/manifest\.json is no JSON: /);
  expect(() => linkOf(root)).toThrow(/holds no manifest\.json: seal it first/);
  await expect(seal(folder, { system: 's', commit: 'c', signer, previous: folder })).rejects.toThrow(
    'is no JSON',
  );
});

test('whatever stands in a manifest, it is told and never thrown', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.record({ files: fc.jsonValue(), sequence: fc.jsonValue() }).map((value) => JSON.stringify(value)),
      ),
      (text) => {
        fs.writeFileSync(at(2, 'manifest.json'), text);
        expect(flaws()).toContain('bad-signature 000002/manifest.sig');
      },
    ),
    { numRuns: 200 },
  );
});

test('wherever one byte of a manifest or a signature is changed, it is told', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('manifest.json', 'manifest.sig'),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (file, where, by) => {
        const whole = fs.readFileSync(at(3, file));
        const changed = Buffer.from(whole);
        const index = where % whole.length;
        changed[index] = (changed[index] ?? 0) ^ by;
        fs.writeFileSync(at(3, file), changed);
        const found = flaws();
        fs.writeFileSync(at(3, file), whole);
        expect(found).toContain('bad-signature 000003/manifest.sig');
      },
    ),
    { numRuns: 200 },
  );
});

test('equal content has one manifest, whatever the order it is written in', () => {
  const value = manifestSchema.parse(JSON.parse(fs.readFileSync(at(1, 'manifest.json'), 'utf8')));
  const turned = Object.fromEntries(Object.entries(value).reverse());
  expect(canonical(turned)).toBe(fs.readFileSync(at(1, 'manifest.json'), 'utf8'));
  expect(canonical({ b: [1, 'é'], a: 1e21 })).toBe('{"a":1e+21,"b":[1,"é"]}');
});

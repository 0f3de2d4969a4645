import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { packageLockOf, today, writeAudit, writeSbom } from '../../../bin/evidence/collect';
import { collectOperational, OPERATIONAL_FOLDER } from '../../../lib/gate/evidence/operational';
import { cleanUp, scratch } from './support';

// The npm of this machine, and a stand-in of a registry's audit written from what npm asks it.
/** What a registry has of the one package; npm works out from it which versions an advisory is about. */
const PACKUMENT = {
  ...{ name: 'left', 'dist-tags': { latest: '1.0.1' } },
  versions: Object.fromEntries(
    ['1.0.0', '1.0.1'].map((version) => [version, { name: 'left', version, dist: {} }]),
  ),
};

let root: string;
let answer: { status: number; body: object };
let asked: string[];
const registry = http.createServer((request, response) => {
  asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
  request.resume().on('end', () => {
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.method === 'GET' ? PACKUMENT : answer.body));
  });
});

beforeAll((done) => void registry.listen(0, '127.0.0.1', done));
afterAll((done) => {
  cleanUp();
  registry.close(done);
});
beforeEach(() => {
  root = scratch();
  asked = [];
  answer = { status: 200, body: {} };
  lock('1.0.0');
  const { port } = registry.address() as AddressInfo;
  fs.writeFileSync(path.join(root, '.npmrc'), `registry=http://127.0.0.1:${port}/\n`);
});

/** A repository with one package of that version. */
function lock(version: string): void {
  const own = { name: 'one', version: '1.0.0', dependencies: { left: version } };
  const left = {
    ...{ version, resolved: `https://registry.npmjs.org/left/-/left-${version}.tgz` },
    integrity: `sha512-${'A'.repeat(86)}==`,
  };
  const packages = { '': own, 'node_modules/left': left };
  const locked = { name: 'one', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
  fs.writeFileSync(path.join(root, 'package.json'), JSON.stringify(own));
  fs.writeFileSync(path.join(root, 'package-lock.json'), JSON.stringify(locked));
}
const state = (kind: string) =>
  collectOperational(path.join(root, OPERATIONAL_FOLDER), {
    ...{ packageLock: packageLockOf(root), commit: 'c', today: today() },
  }).operational.find((one) => one.kind === kind);

test('what npm makes of the lockfile is present until the lockfile is another', async () => {
  await writeSbom(root);
  expect(state('sbom')).toMatchObject({ state: 'present', summary: '1 component, CycloneDX 1.5.' });
  const made = fs.readFileSync(path.join(root, OPERATIONAL_FOLDER, 'sbom.cdx.json'), 'utf8');
  await writeSbom(root);
  expect(fs.readFileSync(path.join(root, OPERATIONAL_FOLDER, 'sbom.cdx.json'), 'utf8')).toBe(made);
  lock('1.0.1');
  expect(state('sbom')).toMatchObject({ state: 'stale' });
  await writeSbom(root);
  expect(state('sbom')).toMatchObject({ state: 'present' });
});

test('an audit is what the registry answers', async () => {
  const advisory = { id: 1, url: 'https://x/1', title: 't', severity: 'high', vulnerable_versions: '<2' };
  answer.body = { left: [advisory] };
  expect(await writeAudit(root)).toMatch(/^Audit of \d{4}-\d\d-\d\d: 0 critical, 1 high\.$/);
  expect(asked).toContain('POST /-/npm/v1/security/advisories/bulk');
  expect(state('scan')).toMatchObject({
    state: 'present',
    summary: '0 critical, 1 high, 0 moderate, 0 low.',
  });
  lock('1.0.1');
  expect(state('scan')).toMatchObject({ state: 'stale' });
});

test('a registry that does not answer leaves no audit, not even that of before', async () => {
  await writeAudit(root);
  expect(state('scan')).toMatchObject({ state: 'present' });
  answer = { status: 405, body: {} };
  expect(await writeAudit(root)).toMatch(/^No audit: the registry does not answer it \(.*405/);
  expect(state('scan')).toMatchObject({ state: 'absent' });
});

test('a lockfile that npm cannot read makes no bill of materials, and npm says why', async () => {
  fs.writeFileSync(path.join(root, 'package-lock.json'), '{');
  await expect(writeSbom(root)).rejects.toThrow(/^npm sbom made no bill of materials: .+/);
});

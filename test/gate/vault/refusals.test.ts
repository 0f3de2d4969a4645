import * as fs from 'node:fs';
import * as path from 'node:path';
import { type App, Stack, Stage } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { evidenceFiles } from '../../../lib/gate/chain/files';
import { REPORT_FILE, type Report } from '../../../lib/gate/report/model';
import { type Candidate, refusalsOf } from '../../../lib/gate/vault/refusals';
import { fetchRelease, type Judged, linkText, readLink } from '../../../lib/gate/vault/release';
import { publish } from '../../../lib/gate/vault/publish';
import { readPlace } from '../../../lib/gate/vault/place';
import { Vault } from '../../../lib/gate/vault/vault';
import { addReleased } from '../../../lib/gate/evidence/released';
import { testApp } from '../../support/app';
import { S3Server } from '../../support/s3-server';
import { cleanUp, evidenceOf, scratch } from '../evidence/support';
import { gatedApp, raw, stackIn } from '../support';
import { signerWithKey } from '../chain/support';

const COMMIT = '0'.repeat(40);
const { signer, publicKey } = signerWithKey();
const app: App = gatedApp();
raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
const { folder: written, report } = evidenceOf(app, { execution: { id: 'execution-1' } });
const environment = report.environments[0]!.name;
let s3: S3Server;
let judged: Judged;

beforeAll(async () => {
  s3 = await S3Server.start();
});
beforeEach(() => {
  s3.objects.clear();
  judged = {
    vault: new Vault(s3.client, readPlace('s3://evidence/releases')),
    trust: { publicKey },
    retention: { mode: 'COMPLIANCE', years: 6 },
  };
});
afterAll(async () => {
  await s3.stop();
  cleanUp();
});

/** The evidence as a synth wrote it, with changes to its report. */
function evidence(changes: Partial<Report> = {}): string {
  const folder = path.join(scratch(), 'evidence');
  fs.cpSync(written, folder, { recursive: true });
  fs.writeFileSync(path.join(folder, REPORT_FILE), JSON.stringify({ ...report, ...changes }));
  return folder;
}
const candidate = (folder: string, changes: Partial<Candidate> = {}): Candidate => ({
  ...{ folder, findings: [], assembly: app.outdir, environment, commit: COMMIT },
  ...{ execution: 'execution-1', today: '2026-11-24' },
  ...changes,
});
const put = (folder: string, of: { readonly environment?: string } = {}) =>
  publish(folder, { system: 'telehealth', commit: COMMIT, signer, vault: judged.vault, ...of });

/** Publishes, tampers, and asks whether it may be released. */
async function refusals(changes: Partial<Report>, tamper: () => void, asked: Partial<Candidate> = {}) {
  const link = await put(evidence(changes));
  tamper();
  const folder = path.join(scratch(), 'fetched');
  const findings = await fetchRelease(link, folder, judged);
  return refusalsOf(candidate(folder, { findings, ...asked }));
}
const object = (file: string) => s3.objects.get(`releases/000001/${file}`)![0]!;

test('evidence that is whole, fresh and free of findings lets a release through', async () => {
  expect(await refusals({}, () => undefined)).toEqual([]);
});

const finding = { id: 'f', rule: 'R', resource: 'Prod/Data/Queue', environment, detail: 'd' } as const;
test.each<[string, Partial<Report>, () => void, Partial<Candidate>, RegExp]>([
  [
    'whose report is missing',
    {},
    () => void s3.objects.delete('releases/000001/report.json'),
    {},
    /not whole: missing report\.json/,
  ],
  [
    'that nobody signed',
    {},
    () => void s3.objects.delete('releases/000001/manifest.sig'),
    {},
    /not whole: unsigned manifest\.sig/,
  ],
  [
    'that was altered',
    {},
    () => void (object('summary.md').body = Buffer.from('all is well')),
    {},
    /not whole: altered summary\.md/,
  ],
  [
    'that is not locked',
    {},
    () => void Object.assign(object('summary.md'), { mode: undefined, until: undefined }),
    {},
    /not whole: not-retained summary\.md/,
  ],
  [
    'that was signed by another key',
    {},
    () => void (judged = { ...judged, trust: { publicKey: signerWithKey().publicKey } }),
    {},
    /not whole: bad-signature/,
  ],
  ['of another commit', { commit: 'f'.repeat(40) }, () => undefined, {}, /stale: it is of commit f{40}/],
  ['of sources in no commit', { dirty: true }, () => undefined, {}, /sources that are in no commit/],
  [
    'of another execution',
    {},
    () => undefined,
    { execution: 'execution-2' },
    /stale: it is of execution-1, and this is execution execution-2/,
  ],
  [
    'of a day that has not come',
    {},
    () => undefined,
    { today: '2026-01-01' },
    /stale: it is of 20\d\d-.*today is/,
  ],
  ['of another month', {}, () => undefined, { today: '2027-06-01' }, /stale: it is of 20\d\d-.*today is/],
  [
    'whose template is not the one that was judged',
    { templates: report.templates.map((one) => ({ ...one, file: 'summary.md' })) },
    () => undefined,
    {},
    /holds another template of \S+ than was judged/,
  ],
  [
    'of no execution',
    { execution: undefined },
    () => undefined,
    {},
    /stale: it is of no execution of the pipeline/,
  ],
  ['that does not speak of the environment', { environments: [] }, () => undefined, {}, /says nothing of /],
  [
    'that leaves out a stack',
    { templates: [] },
    () => undefined,
    {},
    /does not cover .*template\.json as it is deployed/,
  ],
  [
    'with an open finding',
    { findings: [{ ...finding, state: 'open' }] },
    () => undefined,
    {},
    /^A finding is open: R at Prod\/Data\/Queue\.$/,
  ],
  [
    'with an error of a rule',
    { findings: [{ ...finding, state: 'error' }] },
    () => undefined,
    {},
    /^A finding is error: R/,
  ],
  [
    'that leaves out a rule',
    { rules: report.rules.slice(1) },
    () => undefined,
    {},
    /^The evidence holds no ALBHttpDropInvalidHeaderEnabled of HIPAA\.Security/,
  ],
  ['whose verdict is FAIL', { verdict: 'fail' }, () => undefined, {}, /verdict of the evidence is FAIL/],
])('evidence %s refuses it, and says so', async (_what, changes, tamper, asked, words) => {
  const said = await refusals(changes, tamper, asked);
  expect(said.some((line) => words.test(line)) ? words.source : said).toBe(words.source);
});

const exception = {
  ...{ id: 'e', rule: 'R', path: 'Prod/Data', environment, reason: 'r', compensatingControl: 'c' },
  ...{ owner: 'platform-engineering', approvedBy: 'security-officer', ticket: 'HIPAA-1' },
  ...{ expires: '2026-11-30', state: 'active' as const, covers: ['Prod/Data/Queue'] },
};

test('an exception that ended while the approval waited refuses it, with who answers for it', async () => {
  expect(await refusals({ exceptions: [exception] }, () => undefined, { today: '2026-11-30' })).toEqual([]);
  s3.objects.clear();
  expect(await refusals({ exceptions: [exception] }, () => undefined, { today: '2026-12-01' })).toEqual([
    'The exception from R at Prod/Data ended on 2026-11-30; platform-engineering answers for it.',
  ]);
});

test('a stack that a Stage gained after the synth was judged is told by its template', () => {
  const other = testApp();
  const stage = new Stage(other, 'Added');
  raw(new Stack(stage, 'New'), 'Queue', 'AWS::SQS::Queue', {});
  const { directory } = other.synth();
  expect(refusalsOf(candidate(evidence(), { assembly: directory }))).toEqual([
    expect.stringMatching(/does not cover assembly-Added\/.*New.*template\.json as it is deployed/),
  ]);
});

test('a template in the place of another, and a file that was exchanged, are told', () => {
  const two = gatedApp();
  const weak = stackIn(two, 'Staging');
  raw(weak, 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key', QueueName: 'weak' });
  raw(stackIn(two, 'Prod'), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
  new Asset(weak, 'Code', { path: __dirname });
  const sealed = evidenceOf(two, { execution: { id: 'execution-1' } });
  const [prod = '', staging = ''] = sealed.report.templates.map(({ from }) => from);
  const [asset] = sealed.report.assets;
  const swapped = (change: (assembly: string) => void): readonly string[] => {
    const assembly = path.join(scratch(), 'assembly');
    fs.cpSync(two.outdir, assembly, { recursive: true });
    change(assembly);
    return refusalsOf(candidate(sealed.folder, { assembly, environment: 'Prod' })).filter(
      (line) => !line.startsWith('A finding'),
    );
  };
  expect(swapped(() => undefined)).toEqual([]);
  expect(swapped((to) => fs.copyFileSync(path.join(to, staging), path.join(to, prod)))).toEqual([
    `The evidence does not cover ${prod} as it is deployed: it was not judged, or changed since.`,
  ]);
  expect(swapped((to) => fs.writeFileSync(path.join(to, asset!.path, 'added.js'), 'steal()'))).toEqual([
    `The evidence does not cover ${asset!.path} as it is deployed: it changed since the synth.`,
  ]);
  expect(swapped((to) => fs.rmSync(path.join(to, asset!.path), { recursive: true }))).toHaveLength(1);
});

test('nothing that was sealed, another release than is meant, and a broken chain are refused', async () => {
  expect(() => readLink('failed')).toThrow(/^"failed" names no sealed evidence/);
  const first = await put(evidence());
  const second = await put(evidence({ version: '2' }));
  expect(readLink(linkText(second))).toEqual(second);
  const flaws = async (link: typeof first) =>
    (await fetchRelease(link, path.join(scratch(), 'x'), judged)).map(({ flaw }) => flaw);
  expect(await flaws(second)).toEqual([]);
  expect(await flaws({ ...second, sha256: first.sha256 })).toEqual(['truncated']);
  object('manifest.json').body = Buffer.from(
    object('manifest.json').body.toString().replace('telehealth', 'telehealty'),
  );
  expect(await flaws(second)).toEqual(['broken-link']);
  await expect(flaws({ sequence: 7, sha256: first.sha256 })).rejects.toThrow(
    'holds nothing that you may see',
  );
});

test('what the steps of a release left goes along, in the files and in every form of the report', () => {
  const left = scratch();
  const step = (name: string, file: string, content: object): void => {
    fs.mkdirSync(path.join(left, name));
    fs.writeFileSync(path.join(left, name, file), JSON.stringify(content));
  };
  step('expand', 'result.json', { outcome: 'done', problems: [] });
  step('release', 'result.json', {
    ...{ outcome: 'succeeded', words: 'The new version has the traffic.' },
    record: { approver: 'arn:aws:iam::444444444444:role/Lead' },
  });
  step('smoke', 'report.json', { passed: true, checks: [1, 2] });
  const folder = evidence();
  const { operational, execution } = addReleased(folder, 'Prod', left);
  expect(execution).toEqual({ id: 'execution-1', approver: 'arn:aws:iam::444444444444:role/Lead' });
  expect(operational.map(({ title, state, summary }) => [title, state, summary])).toEqual([
    [
      'Prod: Migrations after the release (contract)',
      'absent',
      'The step left no contract/result.json that can be read.',
    ],
    ['Prod: Migrations before the release (expand)', 'present', 'done.'],
    ['Prod: The release', 'present', 'succeeded: The new version has the traffic.'],
    ['Prod: A look at the release from outside', 'present', 'passed, 2 checks.'],
  ]);
  expect(evidenceFiles(folder)).toEqual(expect.arrayContaining(['operational/prod/release/result.json']));
  expect(fs.readFileSync(path.join(folder, 'report.html'), 'utf8')).toContain(
    'The new version has the traffic.',
  );
});

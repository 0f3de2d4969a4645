import { Stack, Stage } from 'aws-cdk-lib';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { writeEvidence } from '../../lib/gate/evidence/write';
import { writeManifest } from '../../lib/migrations/manifest';
import { review, type ReviewOptions } from '../../lib/review';
import { AROUND, cleanUp, scratch } from '../gate/evidence/support';
import { gatedApp, raw, refusal } from '../gate/support';
import { awsThatAnswers, json, TestClock } from '../migrations/remote/support';
import { stackWith, xml, xmlError } from '../migrations/remote/xml';
import type { AwsAnswer, AwsCall, AwsServer } from '../support/aws-server';

let server: AwsServer | undefined;
afterEach(() => server?.stop());
afterAll(cleanUp);

const script = (file: string) => ({
  ...{ file, sha256: '0'.repeat(64), transaction: true, lockTimeoutMs: 1, statementTimeoutMs: 1 },
  statements: [],
});
const MANIFEST = writeManifest({
  migrations: [1, 2].map((id) => ({
    ...{ id, name: `m${id}`, phase: 'expand', reversible: 'lossless', checks: { before: [], after: [] } },
    ...{ up: script(`000${id}.up.sql`), down: script(`000${id}.down.sql`) },
  })),
  repeatables: [],
});

/** The synth output of a release with one stack, whose queue keeps messages that long. */
function release(seconds: number): string {
  const app = gatedApp();
  const stack = new Stack(
    new Stage(app, 'Prod', { env: { account: '333333333333', region: 'us-east-1' } }),
    'Data',
  );
  raw(stack, 'Queue', 'AWS::SQS::Queue', { MessageRetentionPeriod: seconds });
  raw(stack, 'Runner', 'AWS::Lambda::Function', { Code: { S3Bucket: 'assets', S3Key: 'abc.zip' } });
  refusal(app);
  // The assembly of an application that the gate refused is there as well.
  const folder = path.join(scratch(), 'assembly');
  fs.cpSync(app.outdir, folder, { recursive: true });
  fs.mkdirSync(path.join(folder, 'asset.abc'));
  fs.writeFileSync(path.join(folder, 'asset.abc', 'migrations.json'), MANIFEST);
  writeEvidence(folder, path.join(folder, 'evidence'), AROUND);
  return folder;
}

const deployedIn = (assembly: string): string =>
  fs.readFileSync(path.join(assembly, 'evidence/templates/Prod-Data.template.json'), 'utf8');
const applied = (...titles: string[]): AwsAnswer =>
  json({
    ...{ schemaVersion: 1, action: 'status', outcome: 'done', problems: [], milliseconds: 1 },
    migrations: titles.map((title) => ({
      ...{ title, phase: 'expand', reversible: 'lossless', state: 'applied', words: 'applied' },
    })),
  });
const OUTPUTS = { MigrationViewerName: 'tells', Release: '1.0.0+aaa', Commit: 'a'.repeat(40) };

interface Scene {
  readonly outputs?: Readonly<Record<string, string>>;
  readonly template?: AwsAnswer;
  readonly status?: AwsAnswer;
  readonly describe?: AwsAnswer;
}

async function look(assembly: string, scene: Scene, more: Partial<ReviewOptions> = {}) {
  const aws = await awsThatAnswers(({ operation }: AwsCall) => {
    if (operation === 'DescribeStacks') return scene.describe ?? stackWith(scene.outputs ?? OUTPUTS);
    if (operation === 'GetTemplate') return scene.template ?? xml(operation, '');
    return scene.status ?? applied('0001_m1');
  });
  server = aws.server;
  const time = new TestClock();
  return review({
    ...{ environment: 'prod', account: '333333333333', owner: 'platform', stage: 'Prod' },
    ...{ stacks: ['Prod-Data'], guarded: ['Prod-Data'], dataStack: 'Prod-Data', assembly },
    ...{ clients: aws.clients, actor: 'test', today: '2026-11-28' },
    patience: {
      clock: {
        ...{ now: () => time.now(), date: () => new Date(0), random: () => 0.5 },
        sleep: (milliseconds) => time.sleep(milliseconds),
      },
      progress: () => undefined,
    },
    ...more,
  });
}
const template = (text: string): AwsAnswer =>
  xml('GetTemplate', `<TemplateBody>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</TemplateBody>`);

test('says what changes from what is deployed, and which migrations the database lacks', async () => {
  const found = await look(release(600), { template: template(deployedIn(release(60))) });
  expect(found).toMatchObject({ deployed: 'a'.repeat(40), commit: AROUND.commit });
  expect(found.stacks[0]?.judged.changes).toMatchObject([
    { action: 'Modify', id: 'Queue', replacement: 'False', properties: ['MessageRetentionPeriod'] },
  ]);
  expect(found.schema).toMatchObject({ known: 'read', version: 1, askedRelease: '1.0.0+aaa' });
  expect(found.schema.pending.map(({ title }) => title)).toEqual(['0002_m2']);
  expect(server?.calls.map(({ line }) => line).at(-1)).toContain('/functions/tells/invocations');
});

test('tells what changed in compliance since an earlier report, of this environment', async () => {
  const earlier = release(60);
  const found = await look(
    release(600),
    { template: template(deployedIn(earlier)) },
    { previous: path.join(earlier, 'evidence') },
  );
  expect(found.compliance.since).toBe(`1.0.0 (${'0'.repeat(40)})`);
  // The gate finds fault with both releases alike.
  expect(found.compliance).toMatchObject({ verdict: 'fail', changes: [] });
  expect(found.compliance.open.length).toBeGreaterThan(0);
});

test('nothing stands: everything is new, and no function is asked', async () => {
  const found = await look(release(60), {
    describe: xmlError('ValidationError', 'Stack with id Prod-Data does not exist'),
  });
  expect(found).not.toHaveProperty('deployed');
  expect(found.stacks[0]?.deployed).toBe(false);
  expect(found.stacks[0]?.judged.changes.map(({ action }) => action)).toEqual(['Add', 'Add']);
  expect(found.schema).toMatchObject({ known: 'none' });
  expect(found.schema.pending).toHaveLength(2);
  expect(server?.calls.every(({ operation }) => operation === 'DescribeStacks')).toBe(true);
});

test('a database whose roles were never made has no migration', async () => {
  const refused = json({
    ...{ schemaVersion: 1, action: 'status', outcome: 'failed', milliseconds: 1 },
    problems: [{ code: 'connection', message: 'refused', mend: 'prepare', sqlstate: '28000' }],
  });
  const found = await look(release(60), { template: template(deployedIn(release(60))), status: refused });
  expect(found.schema).toMatchObject({ known: 'none' });
});

test.each<[string, Scene, RegExp]>([
  [
    'a template that may not be read',
    { template: xmlError('AccessDenied', 'not authorized to perform cloudformation:GetTemplate') },
    /What is deployed of Prod-Data cannot be read: not authorized/,
  ],
  ['a template that is no JSON', { template: template('Resources: {}') }, /is not JSON/],
  [
    'a history that cannot be read',
    {
      status: json({
        ...{ schemaVersion: 1, action: 'status', outcome: 'failed', milliseconds: 1 },
        problems: [{ code: 'connection', message: 'No answer.', mend: 'Look at the cluster.' }],
      }),
    },
    /The schema's history: No answer\. Look at the cluster\./,
  ],
  [
    'a stack without the function that tells of migrations',
    { outputs: { Release: 'r', Commit: 'c' } },
    /Prod-Data was deployed without a function that tells of migrations: deploy the stacks Prod-Network and Prod-Data/,
  ],
])('%s is no empty review, but a failure', async (_what, scene, words) => {
  await expect(look(release(60), { template: template(deployedIn(release(60))), ...scene })).rejects.toThrow(
    words,
  );
});

test('a release whose templates are not those of its report is refused, every problem at once', async () => {
  const assembly = release(60);
  fs.appendFileSync(path.join(assembly, 'evidence/templates/Prod-Data.template.json'), ' ');
  fs.rmSync(path.join(assembly, 'asset.abc'), { recursive: true });
  await expect(look(assembly, {}, { stacks: ['Prod-Data', 'Prod-App'] })).rejects.toThrow(
    /its SHA-256 differs[^]*no template of Prod-Data[^]*no template of Prod-App[^]*carries migrations\.json/,
  );
});

test('a release without a report is refused', async () => {
  await expect(look(scratch(), {})).rejects.toThrow(/holds no report\.json/);
});

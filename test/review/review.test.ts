import { Stack, Stage } from 'aws-cdk-lib';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { writeEvidence } from '../../lib/gate/evidence/write';
import { tellReleased } from '../../lib/gate/vault/baselines';
import { publish } from '../../lib/gate/vault/publish';
import { readPlace } from '../../lib/gate/vault/place';
import type { Judged } from '../../lib/gate/vault/release';
import { Vault } from '../../lib/gate/vault/vault';
import { writeManifest } from '../../lib/migrations/manifest';
import { fetchPrevious, review, type ReviewOptions } from '../../lib/review';
import { signerWithKey } from '../gate/chain/support';
import { AROUND, cleanUp, scratch } from '../gate/evidence/support';
import { gatedApp, raw, refusal } from '../gate/support';
import { awsThatAnswers, json, TestClock } from '../migrations/remote/support';
import { stackWith, xml, xmlError } from '../migrations/remote/xml';
import type { AwsAnswer, AwsCall, AwsServer } from '../support/aws-server';
import { S3Server } from '../support/s3-server';

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
function release(seconds: number, { open = false } = {}): string {
  const app = gatedApp();
  const stack = new Stack(
    new Stage(app, 'Prod', { env: { account: '333333333333', region: 'us-east-1' } }),
    'Data',
  );
  raw(stack, 'Queue', 'AWS::SQS::Queue', { MessageRetentionPeriod: seconds });
  raw(stack, 'Group', 'AWS::EC2::SecurityGroup', {
    GroupDescription: 'tasks',
    SecurityGroupIngress: open
      ? [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '10.0.0.0/8' }]
      : [],
  });
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

/** What a review of that scene is asked with. */
async function options(assembly: string, scene: Scene): Promise<ReviewOptions> {
  const aws = await awsThatAnswers(({ operation }: AwsCall) => {
    if (operation === 'DescribeStacks') return scene.describe ?? stackWith(scene.outputs ?? OUTPUTS);
    if (operation === 'GetTemplate') return scene.template ?? xml(operation, '');
    return scene.status ?? applied('0001_m1');
  });
  server = aws.server;
  const time = new TestClock();
  return {
    ...{
      environment: 'prod',
      account: '333333333333',
      accounts: ['333333333333'],
      owner: 'platform',
      stage: 'Prod',
    },
    ...{ stacks: ['Prod-Data'], callersStack: 'Prod-Network', dataStack: 'Prod-Data', assembly },
    ...{ clients: aws.clients, actor: 'test', today: '2026-11-28' },
    patience: {
      clock: {
        ...{ now: () => time.now(), date: () => new Date(0), random: () => 0.5 },
        sleep: (milliseconds) => time.sleep(milliseconds),
      },
      progress: () => undefined,
    },
  };
}
const look = async (assembly: string, scene: Scene, more: Partial<ReviewOptions> = {}) =>
  review({ ...(await options(assembly, scene)), ...more });
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

describe('compared with the evidence of the last release', () => {
  const { signer, publicKey } = signerWithKey();
  let s3: S3Server;
  let judged: Judged;
  beforeAll(async () => {
    s3 = await S3Server.start();
    judged = {
      vault: new Vault(s3.client, readPlace('s3://evidence/releases')),
      trust: { publicKey },
      retention: { mode: 'COMPLIANCE', years: 6 },
    };
  });
  beforeEach(() => s3.objects.clear());
  afterAll(() => s3.stop());

  /** Publishes the evidence of a release to an environment, and fetches what the review of Prod finds. */
  const previous = async (assembly: string, environment = 'Prod', tamper: () => void = () => undefined) => {
    const folder = path.join(assembly, 'evidence');
    const baselines = new Vault(s3.client, readPlace('s3://evidence/baselines'));
    const link = await publish(folder, {
      ...{ system: 'telehealth', commit: AROUND.commit, signer, vault: judged.vault, environment },
    });
    await tellReleased(environment, link, baselines);
    tamper();
    return fetchPrevious('Prod', path.join(scratch(), 'previous'), judged, baselines);
  };
  const compliance = async (found: Awaited<ReturnType<typeof previous>>, later = release(600)) =>
    (await look(later, { template: template(deployedIn(later)) }, found && { previous: found })).compliance;

  test('it is told what changed in this environment', async () => {
    const found = await compliance(await previous(release(60)), release(600, { open: true }));
    expect(found).toMatchObject({ unfit: [], since: `1.0.0 (${'0'.repeat(40)})` });
    expect(found.changes).toContainEqual(
      expect.objectContaining({ kind: 'broadened-access', environment: 'Prod' }),
    );
  });

  test('a release that changes nothing an officer asks about says so', async () => {
    // The gate finds fault with both alike.
    const found = await compliance(await previous(release(600)));
    expect(found).toMatchObject({ verdict: 'fail', changes: [], unfit: [] });
    expect(found.open.length).toBeGreaterThan(0);
  });

  test('the first release to this environment has nothing to compare with, whatever others have', async () => {
    const none = await previous(release(60), 'Staging');
    expect(none).toBeUndefined();
    const found = await compliance(none);
    expect(found).toMatchObject({ unfit: [], changes: [] });
    expect(found).not.toHaveProperty('since');
  });

  test('evidence that was altered is told, and compared with nothing', async () => {
    const object = (file: string) => s3.objects.get(`releases/000001/${file}`)![0]!;
    const found = await compliance(
      await previous(release(60), 'Prod', () => {
        object('report.json').body = Buffer.from('{}');
        s3.objects.delete('releases/000001/summary.md');
      }),
    );
    expect(found.unfit).toEqual([
      expect.stringMatching(/^The evidence 000001@[0-9a-f]{64} is not whole: altered report\.json/),
      expect.stringMatching(/ is not whole: missing summary\.md/),
    ]);
    expect(found).toMatchObject({ changes: [] });
    expect(found).not.toHaveProperty('since');
  });

  test('a report of a form that this version does not know is told, and stops nobody', async () => {
    const older = release(60);
    fs.writeFileSync(path.join(older, 'evidence/report.json'), '{"schemaVersion":0}');
    const found = await compliance(await previous(older));
    expect(found.unfit).toEqual([
      expect.stringMatching(/ is whole and cannot be compared: .*is no report of this form/),
    ]);
  });

  test('a vault that refuses is no empty comparison, but a failure', async () => {
    await expect(
      previous(release(60), 'Prod', () => {
        for (const [file, [first]] of s3.objects)
          if (file.endsWith('manifest.json')) s3.unreadable.add(first!.id);
      }),
    ).rejects.toThrow();
  });
});

test('nothing stands: everything is new, and no function is asked', async () => {
  const found = await look(release(60), {
    describe: xmlError('ValidationError', 'Stack with id Prod-Data does not exist'),
  });
  expect(found).not.toHaveProperty('deployed');
  expect(found.stacks[0]?.deployed).toBe(false);
  expect(found.stacks[0]?.judged.changes.map(({ action }) => action)).toEqual(['Add', 'Add', 'Add']);
  expect(found.schema).toMatchObject({ known: 'none' });
  expect(found.schema.pending).toHaveLength(2);
  expect(server?.calls.every(({ operation }) => operation === 'DescribeStacks')).toBe(true);
});

test('without the roles of the guards, their own stack is told to be judged by the approver alone', async () => {
  const nothing = { describe: xmlError('ValidationError', 'Stack with id Prod-Data does not exist') };
  const { clients, ...first } = await options(release(60), nothing);
  const guarded = async (more: Partial<ReviewOptions>) =>
    (await review({ ...first, ...more })).stacks.map((stack) => stack.guarded);
  expect(await guarded({ callersStack: 'Prod-Data' })).toEqual([false]);
  expect(await guarded({ callersStack: 'Prod-Network' })).toEqual([true]);
  expect(await guarded({ callersStack: 'Prod-Data', clients: clients! })).toEqual([true]);
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

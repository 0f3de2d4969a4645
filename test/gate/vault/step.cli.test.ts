import { execFile, execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { fetchLastReleased } from '../../../lib/gate/vault/baselines';
import { readPlace } from '../../../lib/gate/vault/place';
import { Vault } from '../../../lib/gate/vault/vault';
import { templateDigest } from '../../../lib/shared/template-digest';
import { bundleTools } from '../../../lib/shared/tool-code';
import { type AwsCall, AwsServer } from '../../support/aws-server';
import { S3Server } from '../../support/s3-server';
import { AROUND, cleanUp, evidenceOf, scratch } from '../evidence/support';
import { gatedApp, raw, stackIn } from '../support';

// The pipeline's own tool as it is built, against stand-ins of S3 and of KMS, whose signature openssl makes.
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const app = gatedApp();
const stack = stackIn(app);
raw(stack, 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
const { folder: evidence, report } = evidenceOf(app, { execution: { id: 'execution-1' } });
const environment = report.environments[0]!.name;
let s3: S3Server;
let kms: AwsServer;
let tools: string;

beforeAll(async () => {
  tools = path.join(scratch(), 'tools');
  bundleTools(tools, ['evidence-step']);
  const key = path.join(scratch(), 'key.pem');
  fs.writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  s3 = await S3Server.start();
  kms = await AwsServer.start(({ operation, body }: AwsCall) => {
    if (operation === 'GetPublicKey')
      return answer({ PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') });
    const { Message } = JSON.parse(body) as { Message: string };
    const digest = path.join(scratch(), 'digest');
    fs.writeFileSync(digest, Buffer.from(Message, 'base64'));
    const Signature = execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', key, '-in', digest]);
    return answer({ Signature: Signature.toString('base64') });
  });
});
afterAll(async () => {
  await s3.stop();
  await kms.stop();
  cleanUp();
});
const answer = (content: object) => ({
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(content),
});

/** Runs a step in a folder of its own with the synth's output beside it. @returns its output and what it hands on */
async function step(ACTION: string, EVIDENCE: string, prepare: (folder: string) => void = () => undefined) {
  const folder = scratch();
  fs.cpSync(app.outdir, path.join(folder, 'assembly'), { recursive: true });
  fs.cpSync(evidence, path.join(folder, 'assembly/evidence'), { recursive: true });
  prepare(folder);
  const output = await new Promise<string>((resolve) => {
    const env = {
      ...{ PATH: process.env['PATH'], ACTION, EVIDENCE, ENVIRONMENT: environment, ...s3.variables },
      ...{ VAULT: 's3://evidence/releases', BASELINES: 's3://evidence/baselines' },
      ...{ SIGNING_KEY: 'arn:aws:kms:us-east-1:444444444444:key/1', LOCK: 'COMPLIANCE', YEARS: '6' },
      ...{ COMMIT: AROUND.commit, EXECUTION: 'execution-1', AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL_KMS: kms.endpoint },
    };
    execFile(
      process.execPath,
      [path.join(tools, 'evidence-step.js')],
      { cwd: folder, env },
      (_error, stdout, stderr) => resolve(stdout + stderr),
    );
  });
  const text = (...of: string[]): string => {
    const file = path.join(folder, 'sealed', ...of);
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
  };
  return {
    output,
    outcome: text('outcome'),
    template: text('templates', stack.node.path.replaceAll('/', '-')),
  };
}
const baselines = () => [...s3.objects.keys()].filter((key) => key.startsWith('baselines/'));

test('what is sealed is verified, and becomes a baseline once its release is published', async () => {
  const sealed = await step('seal', '');
  expect(sealed.output).toContain('number 1 of s3://evidence/releases, signed with the key ');
  expect(sealed.outcome).toMatch(/^000001@[0-9a-f]{64}$/);
  const verified = await step('verify', sealed.outcome);
  expect(verified.output).toContain(`${environment} may be released`);
  expect(verified.template).toBe(templateDigest(JSON.stringify(Template.fromStack(stack).toJSON())));
  expect(baselines()).toEqual([]);

  const published = await step('publish', sealed.outcome, (folder) => {
    fs.mkdirSync(path.join(folder, 'release'));
    fs.writeFileSync(
      path.join(folder, 'release/result.json'),
      JSON.stringify({ outcome: 'succeeded', words: 'It has the traffic.', record: { approver: 'lead' } }),
    );
  });
  expect(published.outcome).toMatch(/^000002@[0-9a-f]{64}$/);
  expect(baselines()).toEqual([`baselines/${environment}/000002/link`]);
  const folder = path.join(scratch(), 'last');
  const judged = {
    vault: new Vault(s3.client, readPlace('s3://evidence/releases')),
    trust: { publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString() },
    retention: { mode: 'COMPLIANCE' as const, years: 6 },
  };
  const place = new Vault(s3.client, readPlace('s3://evidence/baselines'));
  const last = await fetchLastReleased(environment, folder, judged, place);
  expect(last).toMatchObject({ findings: [], link: { sequence: 2 } });
  expect(JSON.parse(fs.readFileSync(path.join(folder, 'report.json'), 'utf8'))).toMatchObject({
    execution: { id: 'execution-1', approver: 'lead' },
  });
}, 120_000);

test('a step that is told of no sealed evidence refuses, and publishes nothing', async () => {
  const before = s3.objects.size;
  const { output, outcome } = await step('publish', 'failed');
  expect(output).toContain('"failed" names no sealed evidence');
  expect([outcome, s3.objects.size]).toEqual(['', before]);
}, 60_000);

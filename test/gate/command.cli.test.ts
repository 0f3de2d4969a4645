import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const FIXTURE = 'node --import tsx test/gate/fixtures/planted-app.ts';
let assembly: string;

beforeAll(() => {
  assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'gate-'));
});
afterAll(() => fs.rmSync(assembly, { recursive: true }));

/** Runs a tool as a user does: in the repository, without what jest sets. */
function run(tool: string, ...args: string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_ENV: 'production',
      CDK_VALIDATION: 'false',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
  });
  return { status, output: stdout + stderr };
}
const synth = (planted: string, context = 'planted', ...flags: readonly string[]) =>
  run(
    'node_modules/aws-cdk/bin/cdk',
    'synth',
    '--quiet',
    '--app',
    FIXTURE,
    '--output',
    assembly,
    '-c',
    `${context}=${planted}`,
    ...flags,
  );
const tool = (name: string, ...args: string[]) =>
  run('node_modules/tsx/dist/cli.mjs', `bin/${name}.ts`, ...args);
const verify = () => tool('gate', 'verify', assembly, '--today', '2026-11-23');

test('cdk synth and the verifier end with 0 on a clean application', () => {
  const synthesis = synth('no');
  expect(synthesis.output).not.toContain('TemplateSqsEncrypted');
  expect(synthesis.status).toBe(0);
  expect(verify()).toEqual({ status: 0, output: expect.stringContaining('no open finding') as string });
}, 60_000);

test('cdk synth and the verifier end with another code once a violation is planted', () => {
  const synthesis = synth('yes');
  expect(synthesis.output).toContain('TemplateSqsEncrypted');
  expect(synthesis.status).toBe(1);
  const verification = verify();
  expect(verification.output).toContain('records an open finding: TemplateSqsEncrypted at Dev/Data/Queue');
  expect(verification.status).toBe(1);
}, 60_000);

test.each([
  ['--ignore-errors'],
  ['--no-validation'],
  ['-c', '@aws-cdk/core:failSynthOnValidationErrors=false'],
])(
  '%s %s does not get a violation past the verifier',
  (...flags) => {
    synth('yes', 'planted', ...flags);
    const { status, output } = verify();
    expect(output).toContain('records an open finding: TemplateSqsEncrypted at Dev/Data/Queue');
    expect(status).toBe(1);
  },
  60_000,
);

/** The verdict of the evidence that the last synth left. */
const verdict = () =>
  (
    JSON.parse(fs.readFileSync(path.join(assembly, 'evidence/report.json'), 'utf8')) as {
      verdict: string;
    }
  ).verdict;

test.each(['garbage', '2026-02-30', ''])('a day that is none, "%s", is refused in a sentence', (day) => {
  const { status, output } = tool('gate', 'verify', assembly, '--today', day);
  expect(output).toContain(`"${day}" is no day, expected YYYY-MM-DD`);
  expect(status).toBe(2);
});

test('every synth leaves evidence and tells its verdict in one line, a refused one too', () => {
  expect(synth('no').output).toMatch(/^HIPAA evidence: PASS; 1 environment; 71 items .*evidence$/m);
  expect(verdict()).toBe('pass');
  expect(synth('yes').output).toMatch(/^HIPAA evidence: FAIL; .* 1 open finding; /m);
  expect(verdict()).toBe('fail');
}, 60_000);

test('an exception past its date fails the synth, with the role that answers for it', () => {
  const { status, output } = synth('yes', 'expired');
  expect(status).toBe(1);
  expect(output.replace(/\s+/g, ' ')).toContain('platform-engineering answers for it');
  expect(verdict()).toBe('fail');
}, 60_000);

test('evidence of people that is overdue fails the synth where it is configured to', () => {
  const { status, output } = synth('yes', 'overdue');
  expect(output).toMatch(/^HIPAA evidence: FAIL; .*1 record of people overdue/m);
  expect(status).toBe(1);
}, 60_000);

test('the commands write, compare and answer, and refuse in a sentence', () => {
  synth('no');
  const earlier = path.join(assembly, 'earlier');
  const written = tool('evidence', '--env', 'dev', '--assembly', assembly, '--output', earlier);
  expect(written).toEqual({
    status: 0,
    output: expect.stringMatching(/HIPAA evidence: PASS[^]* files in /) as string,
  });

  synth('yes');
  const compared = tool('evidence', 'diff', earlier, path.join(assembly, 'evidence'));
  expect(compared.output).toContain('New findings (1)');
  expect(compared.status).toBe(0);

  const said = tool('compliance', '--evidence', path.join(assembly, 'evidence'), 'why', 'Dev/Data/Queue');
  expect(said.output).toContain('open: TemplateSqsEncrypted');
  expect(said.status).toBe(0);

  const nowhere = path.join(assembly, 'nowhere');
  for (const refused of [
    tool('evidence', '--env', 'dev', '--all', '--assembly', assembly),
    tool('evidence', '--env', 'prod', '--assembly', assembly, '--output', nowhere),
    tool('evidence', '--all', '--assembly', assembly, '--output', nowhere, '--previous', assembly),
    tool('evidence', 'diff', nowhere, earlier),
    tool('evidence', 'verify', earlier, '--lock', 'SOFT'),
    tool('evidence', 'verify', earlier, '--public-key', 'README.md'),
    tool('compliance', '--evidence', nowhere, 'due'),
    tool('compliance', '--evidence', earlier, 'explain', 'S3Bucket'),
    tool('compliance', '--evidence', earlier, 'why', 'Dev/Data/Nothing'),
  ]) {
    expect(refused.status).toBe(2);
    expect(refused.output).toMatch(/\.\n/);
    expect(refused.output).not.toMatch(/^\s+at /m);
  }
  expect(fs.existsSync(nowhere)).toBe(false);
}, 120_000);

test('the evidence of an environment that is not there is refused by its configuration, before anything is synthesised', () => {
  const { status, output } = tool('evidence', '--env', 'nosuch');
  expect(output).toMatch(
    /^There is no environment "nosuch", expected one of (?:(?:dev|staging|prod|local|pipeline)(?:, )?){5}\.\n$/,
  );
  expect(status).toBe(2);
}, 60_000);

test('a head that is no SHA-256 is refused with what one looks like', () => {
  const { status, output } = tool('evidence', 'verify', '.', '--head', 'abc');
  expect(output).toBe(
    '--head is "abc", expected 64 hexadecimal digits in lower case: the newest manifest, as verify or publish told it.\n',
  );
  expect(status).toBe(2);
}, 60_000);

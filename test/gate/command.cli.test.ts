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
const synth = (planted: string) =>
  run(
    'node_modules/aws-cdk/bin/cdk',
    'synth',
    '--quiet',
    '--app',
    FIXTURE,
    '--output',
    assembly,
    '-c',
    `planted=${planted}`,
  );
const verify = () =>
  run('node_modules/tsx/dist/cli.mjs', 'bin/gate.ts', 'verify', assembly, '--today', '2026-11-23');

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

import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { scripts } from '../../package.json';

const ROOT = path.resolve(__dirname, '../..');

/** An AWS that does not answer. */
const NOBODY = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};

/** Runs a tool as a user does, without a local environment and without an account. */
function run(tool: string, ...args: string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', `bin/${tool}.ts`, ...args],
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...NOBODY } },
  );
  return { status, output: stdout + stderr };
}

test.each([
  ['release', [], "required option '--env <name>' not specified"],
  ['rollback', ['--env', 'dev', '--from', '1'], "unknown option '--from'"],
  ['releases', ['--env', 'dev', '--days', 'many'], 'Expected a number from 1 to 9999.'],
  ['smoke', ['dev'], "required option '--env <name>' not specified"],
])('%s refuses the line %j with the code of bad input', (tool, args, words) => {
  const { status, output } = run(tool, ...args);
  expect(output).toContain(words);
  expect(output).toContain('--help tells what it takes');
  expect(status).toBe(2);
});

test('help is no refusal', () => {
  const { status, output } = run('release', '--help');
  expect(output).toContain('Exit codes:');
  expect(status).toBe(0);
});

test('a tool that asks AWS prints its own words alone, on any Node', () => {
  const key = 'arn:aws:kms:us-east-1:111122223333:key/1';
  const { status, output } = run('evidence', 'verify', '.', '--key', key);
  expect(output).toContain('ECONNREFUSED');
  expect(output).not.toContain('NodeVersionSupportWarning');
  expect(status).toBe(2);
});

test.each(['release', 'rollback', 'rehearse', 'migrate', 'local'] as const)(
  'npm hands a signal on to %s: no shell stays between them, which would end and leave the tool',
  (name) => {
    expect(scripts[name]).toMatch(/^exec tsx /);
  },
);

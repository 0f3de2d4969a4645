import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { loadConfiguration } from '../../lib/config/load';
import { placeholderRefusal } from '../../lib/config/placeholder';

const placeholders = loadConfiguration();
const dev = { ...placeholders.environments['dev']!, account: '123456789012' };
const devIsReal = { ...placeholders, environments: { ...placeholders.environments, dev } };

const ROOT = path.resolve(__dirname, '../..');

/** Runs the real CLI; whatever it might ask of AWS goes to a port that nothing listens on. */
function cdk(
  commandLine: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): { code: number | null; said: string } {
  const { PATH } = process.env;
  const { status, stderr, stdout } = spawnSync('node_modules/.bin/cdk', commandLine, {
    cwd: ROOT,
    env: { PATH, HOME: '/nonexistent', CDK_DISABLE_CLI_TELEMETRY: 'true', ...environment },
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
}

const SENTENCE =
  'cdk deploy is refused: account 111111111111 is a placeholder; write your own AWS account id into lib/config/environments/dev.ts.\n';

test.each([
  ['without credentials', {}],
  ['with credentials', { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'us-east-1' }],
])('the real CLI refuses to deploy a placeholder account with one sentence, %s', (_how, environment) => {
  expect(cdk(['deploy', 'Dev/*'], environment)).toEqual({ code: 1, said: SENTENCE });
});

test('an endpoint on this machine is not AWS and is not refused', () => {
  // A missing application fails the command right after the plug-in let it pass.
  const { code, said } = cdk(['deploy', 'Dev/*', '-a', 'no-such-app'], {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  });
  expect(code).toBe(1);
  expect(said).toContain('no-such-app');
  expect(said).not.toContain('placeholder');
});

test.each([
  [['deploy', 'Dev/*'], 'dev'],
  [['deploy', 'Dev/Network', 'Dev/Data'], 'dev'],
  [['destroy', 'Dev/*'], 'dev'],
  [['-c', 'only=dev', 'deploy', 'Dev/*'], 'dev'],
  [['deploy', 'Pipeline'], 'pipeline'],
  [['deploy', 'P*'], 'prod'],
  [['deploy', '**/Network'], 'dev'],
  [['deploy', '--all'], 'dev'],
  [['deploy'], 'dev'],
])('%j is refused', (commandLine, name) => {
  expect(placeholderRefusal(commandLine, placeholders)).toMatch(new RegExp(`/${name}\\.ts\\.$`));
});

test.each([
  [['synth', 'Dev/*']],
  [['ls']],
  [['diff', 'Dev/*']],
  [['bootstrap', 'aws://123456789012/us-east-1']],
  [['deploy', 'Local/*']],
  [['deploy', 'Local/*', '--profile', 'prod']],
])('%j is not refused', (commandLine) => {
  expect(placeholderRefusal(commandLine, placeholders)).toBeUndefined();
});

test('a real account is deployed to, while its neighbours are still placeholders', () => {
  expect(placeholderRefusal(['deploy', 'Dev/*'], devIsReal)).toBeUndefined();
  expect(placeholderRefusal(['deploy', 'Prod/*'], devIsReal)).toContain('333333333333');
});

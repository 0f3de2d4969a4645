import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { reportSchema } from '../../../lib/migrations/report-schema';

const ROOT = path.resolve(__dirname, '../../..');
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'migrate-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

function migrate(
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): { status: number | null; stdout: string; stderr: string } {
  const without = { DATABASE_URL: undefined, NODE_EXTRA_CA_CERTS: undefined };
  return spawnSync(process.execPath, ['--import', 'tsx', 'bin/migrate.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...without, ...variables },
  });
}

/** A migration that would stall the application, on line 3. */
function writeBad(): void {
  const up = 'ALTER TABLE visits ALTER COLUMN duration_minutes TYPE bigint;';
  fs.writeFileSync(
    path.join(folder, '0001_bad.up.sql'),
    `-- migrate: phase=expand reversible=lossless\n\n${up}\n`,
  );
  fs.writeFileSync(path.join(folder, '0001_bad.down.sql'), 'SELECT 1;\n');
}

test('what `new` begins is there, and passes the lint', () => {
  const begun = migrate(['new', 'begin_here', '--folder', folder, '--kind', 'constraint']);
  expect(begun).toMatchObject({ status: 0, stderr: '' });
  expect(
    begun.stdout
      .trim()
      .split('\n')
      .map((file) => path.basename(file)),
  ).toEqual(['0001_begin_here.up.sql', '0001_begin_here.down.sql']);
  expect(migrate(['lint', '--folder', folder])).toMatchObject({ status: 0 });
});

test('a migration that would stall the application is refused with its line, by lint and before up', () => {
  writeBad();
  const lint = migrate(['lint', '--folder', folder]);
  expect(lint).toMatchObject({ status: 2 });
  expect(lint.stdout).toContain('0001_bad.up.sql:3:1 error');
  const up = migrate(['up', '--folder', folder, '--env', 'local', '--dir', folder, '--json']);
  expect(up).toMatchObject({ status: 2 });
  expect(reportSchema.parse(JSON.parse(up.stdout))).toMatchObject({
    action: 'up',
    outcome: 'refused',
    problems: [{ line: 3 }],
  });
});

test('every problem of the files is told with its place', () => {
  writeBad();
  fs.writeFileSync(path.join(folder, '0003_alone.up.sql'), 'SELEC 1;');
  for (const args of [['lint'], ['up', '--env', 'prod']]) {
    const { status, stdout, stderr } = migrate([...args, '--folder', folder]);
    expect(status).toBe(2);
    expect(stdout + stderr).toContain('0003_alone.down.sql is missing');
    expect(stdout + stderr).toContain('0002 is missing');
  }
});

test.each<readonly [string, readonly string[], string]>([
  ['no environment and no URL', ['status'], 'or DATABASE_URL='],
  [
    'an environment that is not there',
    ['status', '--env', 'moon'],
    'There is no environment "moon"; there are dev',
  ],
  [
    'a local environment that never ran',
    ['status', '--env', 'local', '--dir', '/nowhere'],
    'run "npm start" first',
  ],
  ['skipping the lint where patients are', ['up', '--env', 'prod', '--skip-lint'], 'not for prod'],
])('%s is a sentence', (_what, args, sentence) => {
  const { status, stderr } = migrate(args);
  expect(status).toBe(1);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('a database that does not answer is a report, not a stack', () => {
  const { status, stdout } = migrate(['status', '--json'], {
    DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/x',
  });
  expect(status).toBe(1);
  expect(reportSchema.parse(JSON.parse(stdout))).toMatchObject({
    outcome: 'failed',
    problems: [{ code: 'no-connection' }],
  });
  expect(stdout).not.toContain('secret');
});

test('help documents the exit codes', () => {
  const { status, stdout } = migrate(['--help']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/0 +done[\s\S]*1 +failed[\s\S]*2 +refused[\s\S]*3 +not finished/);
});

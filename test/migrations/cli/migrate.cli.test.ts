import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'migrate-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function migrate(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env };
  delete env['DATABASE_URL'];
  return spawnSync(process.execPath, ['--import', 'tsx', 'bin/migrate.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env,
  });
}

test.each(['expand', 'contract', 'index', 'backfill'])(
  'what `new --kind %s` begins passes the lint',
  (kind) => {
    expect(migrate('new', 'begin_here', '--folder', folder, '--kind', kind).status).toBe(0);
    expect(fs.readdirSync(folder)).toEqual(['0001_begin_here.down.sql', '0001_begin_here.up.sql']);
    expect(migrate('lint', '--folder', folder)).toMatchObject({ status: 0 });
  },
);

test('a migration that would stall the application is refused with its line, by lint and before up', () => {
  fs.writeFileSync(
    path.join(folder, '0001_bad.up.sql'),
    '-- migrate: phase=expand reversible=lossless\n\nALTER TABLE visits ALTER COLUMN duration_minutes TYPE bigint;\n',
  );
  fs.writeFileSync(path.join(folder, '0001_bad.down.sql'), 'SELECT 1;\n');
  const lint = migrate('lint', '--folder', folder);
  expect(lint).toMatchObject({ status: 2 });
  expect(lint.stdout).toContain('0001_bad.up.sql:3:1 error');
  const up = migrate('up', '--folder', folder, '--env', 'local', '--dir', folder);
  expect(up).toMatchObject({ status: 2 });
  expect(up.stderr).toContain('0001_bad.up.sql:3:1 error');
});

test('a pair that lacks a half, a wrong name, an unknown environment and a missing URL are each a sentence', () => {
  fs.writeFileSync(path.join(folder, '0001_alone.up.sql'), '-- migrate: phase=expand reversible=lossless\n');
  expect(migrate('lint', '--folder', folder)).toMatchObject({ status: 2 });
  expect(migrate('new', 'Wrong Name', '--folder', folder).stderr).toContain('add_visit_language');
  expect(migrate('status', '--env', 'moon').stderr).toContain(
    'There is no environment "moon"; there are dev',
  );
  expect(migrate('status').stderr).toContain('DATABASE_URL');
  expect(migrate('up', '--env', 'prod', '--skip-lint').stderr).toContain('not for prod');
});

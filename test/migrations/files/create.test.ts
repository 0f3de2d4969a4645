import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { readMigrations } from '../../../lib/migrations/files';
import { createMigration, KINDS } from '../../../lib/migrations/files/create';
import { lintMigrations } from '../../../lib/migrations/lint';

const SHIPPED = path.resolve(__dirname, '../../../migrations');
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'migrations-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

test.each(KINDS)('a pair of kind %s has the next number, is read, and passes the lint', async (kind) => {
  fs.cpSync(SHIPPED, folder, { recursive: true });
  const before = await readMigrations(folder);
  const files = await createMigration(folder, 'begin_here', kind);
  const { migrations } = await readMigrations(folder);
  expect(migrations).toHaveLength(before.migrations.length + 1);
  const last = migrations.at(-1)!;
  expect(last).toMatchObject({ name: 'begin_here', phase: kind === 'contract' ? 'contract' : 'expand' });
  expect(files.map((file) => path.basename(file))).toEqual([last.up.file, last.down.file]);
  const { findings } = await lintMigrations(folder);
  expect(findings.filter(({ file, severity }) => file.includes('begin_here') && severity !== 'info')).toEqual(
    [],
  );
});

test('a name of another form, or a folder that is not there, is refused and nothing is written', async () => {
  await expect(createMigration(folder, 'Wrong Name', 'expand')).rejects.toThrow('add_visit_language');
  await expect(createMigration(path.join(folder, 'none'), 'right', 'expand')).rejects.toThrow(
    'cannot be read',
  );
  expect(fs.readdirSync(folder)).toEqual([]);
});

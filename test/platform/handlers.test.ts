import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { RUNNER_FILES } from '../../lambda/run-migrations/env';
import { parseManifest } from '../../lib/migrations/manifest';
import { soundMigrations } from '../../lib/platform-handlers';
import { handlerBundle } from '../../lib/shared/handler-code';

const ROOT = path.resolve(__dirname, '../..');
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'handlers-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

/** Writes a pair of files. */
function write(up: string, down = 'DROP TABLE things;\n'): void {
  fs.writeFileSync(path.join(folder, '0001_things.up.sql'), up);
  fs.writeFileSync(path.join(folder, '0001_things.down.sql'), down);
}

test('the runner carries every migration and query of the repository, and no grammar of SQL', () => {
  const bundle = handlerBundle('run-migrations');
  const { migrations } = parseManifest(fs.readFileSync(path.join(bundle, RUNNER_FILES.migrations), 'utf8'));
  const files = fs.readdirSync(path.join(ROOT, 'migrations')).filter((name) => name.endsWith('.up.sql'));
  expect(migrations.map(({ up }) => up.file)).toEqual(files.sort());
  expect(JSON.parse(fs.readFileSync(path.join(bundle, RUNNER_FILES.queries), 'utf8'))).toContainEqual(
    expect.objectContaining({ name: 'appliedMigrations' }),
  );
  expect(fs.readFileSync(path.join(bundle, 'index.js'), 'utf8')).not.toMatch(/libpg.query/);
});

test('a file that is no SQL stops the synth with file and line', async () => {
  write('-- migrate: phase=expand reversible=lossy\n\nCREATE TABEL things (id integer);\n');
  await expect(soundMigrations(folder)).rejects.toThrow(
    /^The migrations are wrong:\n {2}migrations\/0001_things\.up\.sql:3: /,
  );
});

test('a file that its lint refuses stops the synth with file and line, and the rest is not repeated', async () => {
  write(
    '-- migrate: phase=expand reversible=lossy\n\nALTER TABLE patients ALTER COLUMN id TYPE bigint;\n',
    '-- nothing\nALTER TABLE patients ALTER COLUMN id TYPE integer;\n',
  );
  await expect(soundMigrations(folder)).rejects.toThrow(
    /^The migrations do not pass their lint:\n\n\S+0001_things\.up\.sql:3:1 error /,
  );
});

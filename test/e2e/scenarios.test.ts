import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildApi } from '../../app/build';
import { foldersOf } from '../../lib/local/folders';
import { removePostgres } from '../../lib/local/postgres';
import { start } from '../../lib/local/run/start';
import { Steps } from '../../lib/local/run/steps';
import { stop } from '../../lib/local/run/stop';
import { playOne } from '../../lib/local/scenarios';

const ROOT = path.resolve(__dirname, '../..');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'telehealth-e2e-'));
const folders = foldersOf(dir);

jest.setTimeout(240_000);

beforeAll(async () => {
  // PostgreSQL runs as another account than root, which must be able to enter the folder.
  fs.chmodSync(dir, 0o755);
  await start({
    root: ROOT,
    folders,
    cacheDir: path.join(ROOT, '.cache'),
    buildApp: buildApi,
    steps: new Steps(() => undefined),
    hold: false,
  });
});

afterAll(async () => {
  await stop(folders, new Steps(() => undefined));
  await removePostgres({ dir: folders.postgres });
  fs.rmSync(dir, { recursive: true, force: true });
});

// The others are played by `npm run rehearse:all`.
test.each([
  ['green-500s', 1],
  ['green-fails-smoke', 1],
  ['release-killed', 0],
  ['rollback-during-shift', 0],
  ['guard-refuses', 2],
])('%s ends as it should, with exit code %i', async (name, code) => {
  const lines: string[] = [];
  const ended = await playOne(folders, name, (line) => lines.push(line));
  expect({ ended, lines: ended === code ? [] : lines }).toEqual({ ended: code, lines: [] });
});

test('a scenario that does not exist is refused with the names of those that do', async () => {
  await expect(playOne(folders, 'no-such', () => undefined)).rejects.toThrow(/"no-such"; there are green-/);
});

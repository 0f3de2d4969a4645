import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { installEmulator } from '../../lib/local/emulator';

const CACHE = path.resolve(__dirname, '../../.cache');
const cacheDir = fs.mkdtempSync(path.join(os.tmpdir(), 'emulator-install-'));
afterAll(() => fs.rmSync(cacheDir, { recursive: true, force: true }));

test('an installation that was interrupted is made again, and a whole one is kept', () => {
  installEmulator({ cacheDir: CACHE });
  const name = fs.readdirSync(CACHE).find((entry) => entry.startsWith('emulator-')) ?? '';
  const half = path.join(cacheDir, name);
  fs.mkdirSync(path.join(half, 'bin'), { recursive: true });
  fs.writeFileSync(path.join(half, 'bin', 'python'), '');

  const { python, environment } = installEmulator({ cacheDir });
  execFileSync(python, ['-c', 'import ministack.app'], { env: { ...process.env, ...environment } });
  const made = fs.statSync(path.join(half, '.complete')).mtimeMs;
  installEmulator({ cacheDir });
  expect(fs.statSync(path.join(half, '.complete')).mtimeMs).toBe(made);
}, 120_000);

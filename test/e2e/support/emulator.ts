import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ensureAuthority } from '../../../lib/local/authority';
import type { LocalCloud } from '../../../lib/local/cloud';
import { startEmulator, stopEmulator } from '../../../lib/local/emulator';
import { anyFreePort } from '../../../lib/local/ports';

const ROOT = path.resolve(__dirname, '../../..');

/** A local AWS of a test's own, beside any other on this machine. */
export interface TestEmulator {
  readonly cloud: LocalCloud;
  readonly dir: string;
  readonly pid: number;
  /** Stops it and starts it again on the same port. */
  restart(): Promise<{ readonly fresh: boolean }>;
  /** Stops it and removes its folder. */
  end(): Promise<void>;
}

/** Starts a local AWS in a temporary folder, on a free port. */
export async function startTestEmulator(): Promise<TestEmulator> {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'emulator-'));
  const dir = path.join(base, 'emulator');
  const port = await anyFreePort();
  const authority = await ensureAuthority(path.join(base, 'authority'));
  const start = () =>
    startEmulator({
      dir,
      cacheDir: path.join(ROOT, '.cache'),
      port,
      authority,
      nodeModules: path.join(ROOT, 'node_modules'),
    });
  const { endpoint, caFile, pid } = await start();
  return {
    cloud: { endpoint, caFile, region: 'us-east-1', account: '000000000000' },
    dir,
    pid,
    restart: async () => {
      await stopEmulator(dir);
      return start();
    },
    end: async () => {
      await stopEmulator(dir);
      fs.rmSync(base, { recursive: true, force: true });
    },
  };
}

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { printTable, root } from './measure';

const TSX = path.join(root, 'node_modules/tsx/dist/cli.mjs');

function local(command: string, dir: string): number {
  const started = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, [TSX, 'bin/local.ts', command, '--dir', dir], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`local ${command} failed`);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

/** Brings up a second local environment beside the first; `start` itself prints the time of each phase. */
export function benchDeploy(): void {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-local-'));
  try {
    const first = local('start', dir);
    const unchanged = local('start', dir);
    local('stop', dir);
    const second = local('start', dir);
    printTable(
      ['local start', 'seconds', 'ratio to first'],
      [
        ['first, nothing there', first.toFixed(1), '1.00'],
        ['again, nothing changed and all running', unchanged.toFixed(1), (unchanged / first).toFixed(2)],
        ['after a stop', second.toFixed(1), (second / first).toFixed(2)],
      ],
    );
  } finally {
    local('destroy', dir);
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

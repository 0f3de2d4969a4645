import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { clientOptions } from '../../../lib/local/cloud';
import { foldersOf } from '../../../lib/local/folders';
import { anyFreePort, PortBook } from '../../../lib/local/ports';
import { endProcess, isRunning, mark } from '../../../lib/local/processes';
import { locked } from '../../../lib/local/run/lock';
import { preflight } from '../../../lib/local/run/preflight';

let dir: string;
beforeEach(() => (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'machine-'))));
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

test('a process number that another process has by now is not the process that was marked', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const marked = mark(child.pid ?? 0);
  expect(isRunning(marked)).toBe(true);
  expect(isRunning({ ...marked, started: '1' })).toBe(false);
  await endProcess({ ...marked, started: '1' }, 100);
  expect(isRunning(marked)).toBe(true);
  await endProcess(marked, 2_000);
  expect(isRunning(marked)).toBe(false);
});

test('a lock is held against others, and one left by a dead process is taken', async () => {
  const file = path.join(dir, 'lock.json');
  await locked(file, async () => {
    await expect(locked(file, () => Promise.resolve())).rejects.toThrow(`process ${process.pid}`);
  });
  fs.writeFileSync(file, JSON.stringify({ pid: process.pid, started: '1' }));
  await expect(locked(file, () => Promise.resolve('done'))).resolves.toBe('done');
  fs.writeFileSync(file, '{"pid"');
  await expect(locked(file, () => Promise.resolve('done'))).resolves.toBe('done');
});

test('a port that a stranger took is replaced by the next free one, and ours is kept', async () => {
  const file = path.join(dir, 'ports.json');
  const port = await anyFreePort();
  expect(await new PortBook(file).claim('a', port)).toBe(port);
  const stranger = net.createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => stranger.once('listening', resolve));
  expect(await new PortBook(file).claim('a', port, () => true)).toBe(port);
  expect(await new PortBook(file).claim('a', port)).not.toBe(port);
  stranger.close();
});

test('books that share a file keep each other’s ports', async () => {
  const file = path.join(dir, 'shared-ports.json');
  const [one, other] = [new PortBook(file), new PortBook(file)];
  const port = await anyFreePort();
  const ports = [await one.claim('a', port), await other.claim('b', port)];
  expect(new Set(ports).size).toBe(2);
  expect([new PortBook(file).known('a'), one.known('b')]).toEqual(ports);
});

test('a folder of another version is refused with what to do', () => {
  const folders = foldersOf(dir);
  fs.writeFileSync(folders.versionFile, '0');
  expect(() => preflight(folders)).toThrow('local -- destroy');
});

test('without Python a start is refused in one sentence before anything is made', () => {
  const environment = path.join(dir, 'environment');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bin/local.ts', 'start', '--dir', environment],
    { cwd: path.resolve(__dirname, '../../..'), env: { PATH: dir }, encoding: 'utf8' },
  );
  expect(stderr.trim()).toMatch(/^Python 3\.10 or newer is needed .* apt-get install python3 .*\.$/);
  expect(status).toBe(1);
  expect(fs.existsSync(environment)).toBe(false);
}, 20_000);

test('a full disk is told with what to do', () => {
  const full = fs.statfsSync(dir);
  full.bavail = 100;
  full.bsize = 1024 * 1024;
  const statfs = jest.spyOn(fs, 'statfsSync').mockReturnValue(full);
  try {
    expect(() => preflight(foldersOf(dir))).toThrow(/^Only 100 MB are free .* and 700 are needed/);
  } finally {
    statfs.mockRestore();
  }
});

test('an endpoint that is not on this machine is refused', () => {
  const cloud = {
    endpoint: 'https://sts.amazonaws.com',
    region: 'us-east-1',
    account: '000000000000',
    caFile: 'none',
  };
  expect(() => clientOptions(cloud)).toThrow('it is not on this machine');
});

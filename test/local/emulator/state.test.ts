import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { writeRecord } from '../../../lib/local/emulator/record';
import { emulatorFolders, prepareState } from '../../../lib/local/emulator/state';

let folders: ReturnType<typeof emulatorFolders>;

beforeEach(() => {
  folders = emulatorFolders(fs.mkdtempSync(path.join(os.tmpdir(), 'emulator-state-')));
  expect(prepareState(folders)).toBe(true);
});

afterEach(() => fs.rmSync(path.dirname(folders.state), { recursive: true }));

/** What a run leaves: its record, and one state file saved so many milliseconds after its start. */
function ran(savedAfterMs: number): string {
  const file = path.join(folders.state, 'sqs.json');
  const startedAt = Date.now();
  fs.writeFileSync(file, '{}');
  fs.utimesSync(file, new Date(), new Date(startedAt + savedAfterMs));
  writeRecord(folders.recordFile, { process: { pid: 1, started: 'never' }, port: 1, startedAt });
  return file;
}

test('a state that the last run saved is kept', () => {
  const file = ran(1000);
  expect(prepareState(folders)).toBe(false);
  expect(fs.existsSync(file)).toBe(true);
});

test('a state older than the last run is begun anew: that run was killed', () => {
  const file = ran(-1000);
  expect(prepareState(folders)).toBe(true);
  expect(fs.existsSync(file)).toBe(false);
});

test('a state of another format is begun anew', () => {
  const file = ran(1000);
  fs.writeFileSync(folders.formatFile, '{"format":0}');
  expect(prepareState(folders)).toBe(true);
  expect(fs.existsSync(file)).toBe(false);
});

test('a damaged record counts as a killed run', () => {
  ran(1000);
  fs.writeFileSync(folders.recordFile, '{"pid":');
  expect(prepareState(folders)).toBe(true);
});

test('nobody else may read the state', () => {
  expect(fs.statSync(folders.state).mode & 0o077).toBe(0);
});

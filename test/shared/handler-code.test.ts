import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import {
  bundleHandlers,
  handlerBundle,
  type HandlerFolders,
  handlerNames,
} from '../../lib/shared/handler-code';

const LIMIT_BYTES = 1024 * 1024;
let folders: HandlerFolders;

beforeEach(() => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'handlers-'));
  folders = { sources: path.join(root, 'lambda'), bundles: path.join(root, 'dist') };
  write('greet', 'export const handler = async (): Promise<string> => "hello";');
});

afterEach(() => {
  fs.rmSync(path.dirname(folders.sources), { recursive: true });
});

function write(name: string, code: string): void {
  fs.mkdirSync(path.join(folders.sources, name), { recursive: true });
  fs.writeFileSync(path.join(folders.sources, name, 'handler.ts'), code);
}

test('every handler of the repository is at most 1 MB', () => {
  const names = handlerNames();
  expect(names).toEqual(expect.arrayContaining(['post-confirmation', 'pre-sign-up', 'pre-token-generation']));
  for (const name of names)
    expect([name, fs.statSync(path.join(handlerBundle(name), 'index.js')).size <= LIMIT_BYTES]).toEqual([
      name,
      true,
    ]);
});

test('the same source gives the same folder, another source another', () => {
  bundleHandlers({}, folders);
  const first = handlerBundle('greet', folders);
  const made = fs.statSync(path.join(first, 'index.js')).mtimeMs;
  bundleHandlers({}, folders);
  expect(handlerBundle('greet', folders)).toBe(first);
  expect(fs.statSync(path.join(first, 'index.js')).mtimeMs).toBe(made);
  write('greet', 'export const handler = async (): Promise<string> => "good day";');
  bundleHandlers({}, folders);
  expect(handlerBundle('greet', folders)).not.toBe(first);
});

test('a handler finds its files beside its code, and another text gives another folder', () => {
  const bundleWith = (text: string) => {
    bundleHandlers({ greet: { 'words.json': text } }, folders);
    return handlerBundle('greet', folders);
  };
  bundleHandlers({}, folders);
  const bare = handlerBundle('greet', folders);
  const first = bundleWith('["hello"]');
  expect(first).not.toBe(bare);
  expect(fs.readFileSync(path.join(first, 'words.json'), 'utf8')).toBe('["hello"]');
  expect(fs.readFileSync(path.join(first, 'index.js'))).toEqual(fs.readFileSync(path.join(bare, 'index.js')));
  expect(bundleWith('["hello"]')).toBe(first);
  expect(bundleWith('["good day"]')).not.toBe(first);
});

test('files for a handler that is not there are refused', () => {
  expect(() => {
    bundleHandlers({ absent: { 'words.json': '[]' } }, folders);
  }).toThrow('a handler "absent"');
});

test('a bundle that another process may still read stays for a day', () => {
  bundleHandlers({}, folders);
  const first = handlerBundle('greet', folders);
  write('greet', 'export const handler = async (): Promise<string> => "good day";');
  bundleHandlers({}, folders);
  expect(fs.existsSync(first)).toBe(true);
  const old = new Date(Date.now() - 25 * 60 * 60 * 1000);
  fs.utimesSync(first, old, old);
  bundleHandlers({}, folders);
  expect(fs.existsSync(first)).toBe(false);
  expect(fs.existsSync(handlerBundle('greet', folders))).toBe(true);
});

test('leaves nothing half-made beside the bundles', () => {
  bundleHandlers({}, folders);
  expect(fs.readdirSync(folders.bundles).filter((entry) => entry.startsWith('.'))).toEqual([]);
});

test('says where a handler does not compile', () => {
  write('broken', 'export const handler = (;');
  expect(() => {
    bundleHandlers({}, folders);
  }).toThrow(/^Handlers do not compile:\n {2}.*broken\/handler\.ts:1:\d+: Unexpected ";"$/);
});

test('says what a handler needs that is not there', () => {
  bundleHandlers({}, folders);
  expect(() => handlerBundle('absent', folders)).toThrow('it needs lambda/absent/handler.ts');
});

import { createHash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type BuildFailure, buildSync } from 'esbuild';

const ROOT = path.resolve(__dirname, '../..');
const DAY_MS = 24 * 60 * 60 * 1000;

/** Where handlers are read from and their bundles put. */
export interface HandlerFolders {
  /** Holds one folder a handler, each with a `handler.ts`. */
  readonly sources: string;
  /** Receives one folder a bundle, named by its content, and `bundles.json`, which says which is whose. */
  readonly bundles: string;
  /**
   * What else a stack carries as one file: where each begins, by the name of its bundle.
   * @default - nothing
   */
  readonly programs?: Readonly<Record<string, string>>;
}

/** Name of the bundle of the tool that goes back, which the rollback pipelines carry. */
export const ROLLBACK_TOOL = 'rollback-tool';

const FOLDERS: HandlerFolders = {
  sources: path.join(ROOT, 'lambda'),
  bundles: path.join(ROOT, 'dist', 'lambda'),
  programs: { [ROLLBACK_TOOL]: path.join(ROOT, 'bin', 'release-step.ts') },
};

/** What stands beside a handler's code in its bundle: texts by file name, by the handler's name. */
export type HandlerFiles = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Thrown when a handler cannot be bundled; its message names each place. */
export class HandlerCodeError extends Error {
  /** Takes what is wrong and where. */
  constructor(message: string) {
    super(message);
    this.name = 'HandlerCodeError';
  }
}

/** Names of the handlers, which are those folders that hold a `handler.ts`, in alphabetical order. */
export function handlerNames(folders: HandlerFolders = FOLDERS): string[] {
  return fs
    .readdirSync(folders.sources, { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && fs.existsSync(path.join(folders.sources, entry.name, 'handler.ts')),
    )
    .map((entry) => entry.name)
    .sort();
}

/**
 * The folder that the bundle of a handler or program stands in, as `index.js`.
 * @throws HandlerCodeError when there is no such handler, or nothing has been bundled yet
 */
export function handlerBundle(name: string, folders: HandlerFolders = FOLDERS): string {
  const folder = readIndex(folders)[name];
  if (folder !== undefined) return path.join(folders.bundles, folder);
  throw new HandlerCodeError(
    `There is no bundle of a handler "${name}": it needs lambda/${name}/handler.ts, and bundleHandlers() has to run before synth.`,
  );
}

/**
 * Bundles every handler into a folder named by its content; run once, before any construct needs one.
 * Safe beside another process that does the same: folders and index appear whole, and none in use is removed.
 * @param files - what the handlers read beside their code; a change of it changes the bundle's name as well
 * @param folders - where handlers are and bundles go
 * @throws HandlerCodeError when a handler does not compile, or files are given to one that is not there
 */
export function bundleHandlers(files: HandlerFiles = {}, folders: HandlerFolders = FOLDERS): void {
  const stranger = Object.keys(files).find((name) => !handlerNames(folders).includes(name));
  if (stranger !== undefined)
    throw new HandlerCodeError(
      `Files are given to a handler "${stranger}", and lambda/ has none of that name.`,
    );
  fs.mkdirSync(folders.bundles, { recursive: true });
  const index: Record<string, string> = {};
  for (const { name, code } of build(folders)) {
    const contents = { 'index.js': code, ...files[name] };
    const folder = `${name}-${hashOf(contents)}`;
    placeFolder(path.join(folders.bundles, folder), contents);
    index[name] = folder;
  }
  const temporary = path.join(folders.bundles, `.${randomUUID()}`);
  fs.writeFileSync(temporary, JSON.stringify(index, null, 2));
  fs.renameSync(temporary, indexFile(folders));
  removeOldFolders(folders, Object.values(index));
}

/** Names and contents, so that neither can change without the other name of the folder. */
function hashOf(contents: Readonly<Record<string, Uint8Array | string>>): string {
  const hash = createHash('sha256');
  for (const [name, content] of Object.entries(contents))
    hash.update(`${name} ${Buffer.byteLength(content)} `).update(content);
  return hash.digest('hex').slice(0, 16);
}

function indexFile(folders: HandlerFolders): string {
  return path.join(folders.bundles, 'bundles.json');
}

function readIndex(folders: HandlerFolders): Readonly<Record<string, string>> {
  if (!fs.existsSync(indexFile(folders))) return {};
  return JSON.parse(fs.readFileSync(indexFile(folders), 'utf8')) as Record<string, string>;
}

/** All handlers and programs in one call: esbuild starts once and shares what they import. */
function build(folders: HandlerFolders): { readonly name: string; readonly code: Uint8Array }[] {
  const handlers = Object.fromEntries(
    handlerNames(folders).map((name) => [name, path.join(folders.sources, name, 'handler.ts')]),
  );
  try {
    const { outputFiles } = buildSync({
      absWorkingDir: ROOT,
      entryPoints: { ...handlers, ...folders.programs },
      outdir: folders.bundles,
      write: false,
      bundle: true,
      platform: 'node',
      // The functions run Node 24; the emulator runs them with the Node of the machine, 20 at least.
      target: 'node20',
      format: 'cjs',
      // ES modules first: they shed what a handler does not use, CommonJS builds of the SDK do not.
      mainFields: ['module', 'main'],
      // Names are kept, so that a stack trace in the log can be read without a source map.
      minify: true,
      keepNames: true,
      legalComments: 'none',
      // An optional native driver of pg that is not installed.
      external: ['pg-native'],
      logLevel: 'silent',
    });
    return outputFiles.map((file) => ({ name: path.basename(file.path, '.js'), code: file.contents }));
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const places = error.errors.map(({ text, location }) =>
      location ? `  ${location.file}:${location.line}:${location.column + 1}: ${text}` : `  ${text}`,
    );
    throw new HandlerCodeError(['Handlers do not compile:', ...places].join('\n'));
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors);
}

function placeFolder(folder: string, contents: Readonly<Record<string, Uint8Array | string>>): void {
  if (fs.existsSync(folder)) return;
  const temporary = path.join(path.dirname(folder), `.${randomUUID()}`);
  fs.mkdirSync(temporary);
  for (const [name, content] of Object.entries(contents))
    fs.writeFileSync(path.join(temporary, name), content);
  try {
    fs.renameSync(temporary, folder);
  } catch (error) {
    // Another process placed the same content between the look and the rename.
    fs.rmSync(temporary, { recursive: true, force: true });
    if (!fs.existsSync(folder)) throw error;
  }
}

/** Removes bundles that nobody has asked for within a day; a younger one may be read by another process. */
function removeOldFolders(folders: HandlerFolders, current: readonly string[]): void {
  const now = fs.statSync(indexFile(folders)).mtime;
  for (const folder of current) fs.utimesSync(path.join(folders.bundles, folder), now, now);
  for (const entry of fs.readdirSync(folders.bundles, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const folder = path.join(folders.bundles, entry.name);
    const used = fs.statSync(folder, { throwIfNoEntry: false })?.mtime ?? now;
    if (now.getTime() - used.getTime() > DAY_MS) fs.rmSync(folder, { recursive: true, force: true });
  }
}

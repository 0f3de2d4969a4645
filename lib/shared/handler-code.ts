import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.resolve(__dirname, '../..');
const SOURCES = path.join(ROOT, 'lambda');
const BUNDLES = path.join(ROOT, 'dist', 'lambda');

/** The folder that a handler's bundle stands in. */
export function handlerBundle(name: string): string {
  return path.join(BUNDLES, name);
}

/** Bundles every handler under `lambda/` into its own folder; run once, before any construct needs one. */
export function bundleHandlers(): void {
  fs.rmSync(BUNDLES, { recursive: true, force: true });
  const names = fs
    .readdirSync(SOURCES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && fs.existsSync(path.join(SOURCES, entry.name, 'handler.ts')))
    .map((entry) => entry.name);
  for (const name of names)
    buildSync({
      entryPoints: [path.join(SOURCES, name, 'handler.ts')],
      outfile: path.join(handlerBundle(name), 'index.js'),
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      logLevel: 'error',
    });
}

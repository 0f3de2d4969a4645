import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import type { SchemaMigration } from './src/schema-state';

/** The folder that the built API stands in, when no other is named. */
const API_BUNDLE = path.resolve(__dirname, '../dist/app');

/**
 * Builds the API: `main.js`, and `health.js` for the container's health check. The same sources give the same
 * bytes. The image and the local run start the same files.
 *
 * @param outdir - folder to build into, emptied first
 */
export function buildApi(outdir: string = API_BUNDLE): void {
  fs.rmSync(outdir, { recursive: true, force: true });
  buildSync({
    absWorkingDir: path.resolve(__dirname, '..'),
    entryPoints: { main: 'app/src/main.ts', health: 'app/src/probe.ts' },
    outdir,
    bundle: true,
    minify: true,
    // Names of errors are logged; minified ones would say nothing.
    keepNames: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    define: { KNOWN_MIGRATIONS: JSON.stringify(knownMigrations()) },
    // An optional native driver of pg that is not installed.
    external: ['pg-native'],
    logLevel: 'error',
  });
}

/** Number and phase of every migration, for the API's readiness. Whether the files are right, the linter says. */
function knownMigrations(): SchemaMigration[] {
  const folder = path.resolve(__dirname, '../migrations');
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.up.sql'))
    .sort()
    .map((file) => {
      const phase = /^-- migrate:.*\bphase=(expand|contract)\b/m.exec(
        fs.readFileSync(path.join(folder, file), 'utf8'),
      )?.[1];
      if (phase === undefined) throw new Error(`migrations/${file} does not say its phase.`);
      return { id: Number.parseInt(file, 10), phase };
    });
}

if (require.main === module) buildApi();

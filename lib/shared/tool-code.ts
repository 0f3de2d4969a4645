import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.resolve(__dirname, '../..');

/** Folder of the built tools, from the root of the repository. */
export const TOOLS_FOLDER = 'dist/tools';

/** The review, in a folder of its own: the library that compares templates looks for its data one folder above. */
export const REVIEW_TOOL = 'compare/review';

const TOOLS = {
  'migrate-step': 'bin/migrate-step.ts',
  'release-step': 'bin/release-step.ts',
  'evidence-step': 'bin/evidence-step.ts',
  guard: 'bin/guard.ts',
  smoke: 'bin/smoke-step.ts',
  'load-smoke': 'bin/load-smoke.ts',
  [REVIEW_TOOL]: 'bin/review.ts',
} as const;

/** A tool by the name of its file, without its ending. */
export type Tool = keyof typeof TOOLS;

/**
 * Builds what the pipeline's steps run, each one file without dependencies: a step that may change an environment
 * installs nothing.
 * @param outdir - folder to build into, emptied first
 * @param only - the tools to build; all when left out
 */
export function bundleTools(
  outdir: string = path.join(ROOT, TOOLS_FOLDER),
  only: readonly Tool[] = Object.keys(TOOLS) as Tool[],
): void {
  fs.rmSync(outdir, { recursive: true, force: true });
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(only.map((tool) => [tool, TOOLS[tool]])),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  // What CloudFormation makes anew is data of CDK's own comparison of templates, read when it runs.
  if (only.includes(REVIEW_TOOL))
    fs.copyFileSync(resourceTypes(), path.join(outdir, path.basename(resourceTypes())));
  // What the page of a report is made of is read beside the program that makes it.
  if (!only.includes('evidence-step')) return;
  for (const file of ['page.css', 'page.js'])
    fs.copyFileSync(path.join(ROOT, 'lib/gate/formats/html', file), path.join(outdir, file));
}

/** Package of the data, which the comparison brings along in a version of its own. */
const RESOURCE_TYPES = '@aws-cdk/aws-service-spec';

/** The data that the library which compares templates comes with. */
function resourceTypes(): string {
  const data = createRequire(require.resolve('@aws-cdk/cloudformation-diff')).resolve(RESOURCE_TYPES);
  return path.join(path.dirname(data), '..', 'db.json.gz');
}

import { execFileSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Everything that a synthesis reads; `lib/local` is not of it. */
const INPUTS = [
  'bin',
  'lib',
  'lambda',
  'app',
  'migrations',
  'cdk.json',
  'package-lock.json',
  'tsconfig.json',
];
const NOT_INPUTS = new Set([path.join('lib', 'local')]);
const NEVER = new Set(['node_modules', 'dist', 'cdk.out']);

/** A hash of all that a synthesis depends on: the same hash gives the same assembly. */
export function inputsHash(root: string): string {
  const hash = crypto.createHash('sha256');
  for (const file of INPUTS.flatMap((name) => filesUnder(root, name))) {
    hash.update(`${file}\0`);
    hash.update(fs.readFileSync(path.join(root, file)));
  }
  // The commit is told by the API, so it is in the templates.
  hash.update(execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root }));
  return hash.digest('hex');
}

function filesUnder(root: string, name: string): string[] {
  const full = path.join(root, name);
  if (NOT_INPUTS.has(name) || !fs.existsSync(full)) return [];
  if (fs.statSync(full).isFile()) return [name];
  return fs
    .readdirSync(full)
    .filter((child) => !NEVER.has(child))
    .sort()
    .flatMap((child) => filesUnder(root, path.join(name, child)));
}

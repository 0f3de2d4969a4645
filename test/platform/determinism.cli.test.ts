import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import cdkJson from '../../cdk.json';

const ROOT = path.resolve(__dirname, '../..');

/** Synthesises the whole application in a process of its own and reads every file it wrote, by relative path. */
function synthesise(folder: string): ReadonlyMap<string, string> {
  const outdir = path.join(folder, 'cdk.out');
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/telehealth.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_ENV: 'production',
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(cdkJson.context),
    },
  });
  if (status !== 0) throw new Error(`synth failed: ${stderr}`);
  const files = fs
    .readdirSync(outdir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    // The evidence takes along what others have left by then, such as the results of tests that run beside this one;
    // that it is the same for the same input has a test of its own.
    .filter((entry) => !path.relative(outdir, entry.parentPath).startsWith('evidence'));
  return new Map(
    files.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      // The folder itself is named in the validation report; that it differs is what makes the comparison honest.
      return [path.relative(outdir, file), fs.readFileSync(file, 'utf8').replaceAll(folder, '<folder>')];
    }),
  );
}

test('synthesising twice writes the same bytes', () => {
  const folders = [1, 2].map((n) => fs.mkdtempSync(path.join(os.tmpdir(), `synth-${n}-`)));
  try {
    const [first, second] = folders.map(synthesise);
    if (!first || !second) throw new Error('two assemblies were expected');
    expect([...first.keys()].filter((name) => name.endsWith('.template.json')).length).toBeGreaterThan(20);
    expect([...second.keys()].sort()).toEqual([...first.keys()].sort());
    expect([...first].filter(([name, text]) => second.get(name) !== text).map(([name]) => name)).toEqual([]);
  } finally {
    for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

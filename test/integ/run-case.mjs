// Runs one case for integ-runner and lowers the version of the assembly it wrote to the newest that the runner reads.
// To be deleted once a runner reads the schema of the pinned aws-cdk-lib (55): until then it refuses with
// "AssemblyVersionMismatch". Snapshots hold the lowered version, so both sides of a comparison agree.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const READABLE_SCHEMA = '53.0.0';

const [, , file] = process.argv;
const output = process.env['CDK_OUTDIR'];
if (file === undefined || output === undefined)
  throw new Error('run by integ-runner only: npm run test:integ');

const { status } = spawnSync(process.execPath, ['--import', 'tsx', file], {
  stdio: 'inherit',
  env: { ...process.env, CDK_VALIDATION: 'false' },
});
if (status !== 0) process.exit(status ?? 1);

for (const entry of fs.readdirSync(output, { recursive: true, encoding: 'utf8' })) {
  if (
    path.basename(entry) !== 'manifest.json' &&
    !entry.endsWith('.assets.json') &&
    path.basename(entry) !== 'integ.json'
  )
    continue;
  const manifestPath = path.join(output, entry);
  const manifest = JSON.parse(fs.readFileSync(manifestPath, 'utf8'));
  manifest.version = READABLE_SCHEMA;
  delete manifest.minimumCliVersion;
  // Construct metadata holds stack traces, which name the machine, and nothing that is compared.
  for (const artifact of Object.values(manifest.artifacts ?? {})) {
    if (artifact.additionalMetadataFile === undefined) continue;
    fs.rmSync(path.join(path.dirname(manifestPath), artifact.additionalMetadataFile));
    delete artifact.additionalMetadataFile;
  }
  fs.writeFileSync(manifestPath, JSON.stringify(manifest, undefined, 1));
}

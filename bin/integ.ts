import { spawnSync } from 'node:child_process';
import * as path from 'node:path';

/**
 * Runs integ-runner over the cases of `test/integ`. Without arguments it compares each case with its committed
 * snapshot, which needs no AWS; other arguments are passed on, for example `--force` to deploy, or
 * `--update-on-failed --dry-run` to write the snapshots anew.
 */
const { status } = spawnSync(
  process.execPath,
  [
    path.join(__dirname, '../node_modules/@aws-cdk/integ-runner/bin/integ-runner'),
    ...['--directory', 'test/integ', '--language', 'typescript'],
    ...[
      '--app',
      'node test/integ/run-case.mjs {filePath}',
      '--parallel-regions',
      'us-east-1',
      '--max-workers',
      '2',
    ],
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', cwd: path.join(__dirname, '..') },
);
process.exitCode = status ?? 1;

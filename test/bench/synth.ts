import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { printTable, root, secondsOf } from './measure';

const CLI = path.join(root, 'node_modules/aws-cdk/bin/cdk');
const ENVIRONMENTS = [1, 2, 4, 8, 16];

/** `cdk synth` of the bench's application, in seconds. */
function synth(output: string, flags: string, runs: number): number {
  return secondsOf(
    [CLI, 'synth', '--quiet', '--app', `node --import tsx test/bench/app.ts ${flags}`, '--output', output],
    runs,
  );
}

/** Prints the cost of the gate as a ratio, and that of each further environment. */
export function benchSynth(): void {
  const output = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-synth-'));
  try {
    const without = synth(output, '', 3);
    const gated = synth(output, '--gate', 3);
    const reported = synth(output, '--report', 3);
    printTable(
      ['cdk synth, pipeline and every environment', 'seconds', 'ratio'],
      [
        ['without the gate', without.toFixed(2), '1.00'],
        ['with the gate', gated.toFixed(2), (gated / without).toFixed(2)],
        ['with the gate and its report', reported.toFixed(2), (reported / without).toFixed(2)],
      ],
    );
    const points = ENVIRONMENTS.map((count) => ({
      count,
      seconds: synth(output, `--gate --environments=${count}`, 2),
    }));
    printTable(
      ['environments, with the gate', 'seconds', 'ratio to 1'],
      points.map(({ count, seconds }) => [
        `${count}`,
        seconds.toFixed(2),
        (seconds / (points[0]?.seconds ?? NaN)).toFixed(2),
      ]),
    );
    console.log(`slope: ${slope(points).toFixed(2)} s for each further environment`);
  } finally {
    fs.rmSync(output, { recursive: true, force: true });
  }
}

/** Least-squares slope of seconds over environments. */
function slope(points: readonly { count: number; seconds: number }[]): number {
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const x = mean(points.map(({ count }) => count));
  const y = mean(points.map(({ seconds }) => seconds));
  const covariance = points.reduce((sum, p) => sum + (p.count - x) * (p.seconds - y), 0);
  return covariance / points.reduce((sum, p) => sum + (p.count - x) ** 2, 0);
}

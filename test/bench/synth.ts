import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { printTable, root, secondsOf } from './measure';

const CLI = path.join(root, 'node_modules/aws-cdk/bin/cdk');
const ENVIRONMENTS = [1, 2, 4, 8, 16];

/** `cdk synth` of the bench's application, in seconds: of each way to make it. */
function synth(output: string, ways: readonly string[], runs: number): readonly number[] {
  return secondsOf(
    ways.map((flags) => [
      ...[CLI, 'synth', '--quiet', '--output', output],
      ...['--app', `node --import tsx test/bench/app.ts ${flags}`],
    ]),
    runs,
  );
}

/** Prints the cost of the gate as a ratio, and that of each further environment. */
export function benchSynth(): void {
  const output = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-synth-'));
  try {
    const [without = NaN, gated = NaN, reported = NaN] = synth(output, ['', '--gate', '--report'], 5);
    printTable(
      ['cdk synth, pipeline and every environment', 'seconds', 'ratio'],
      [
        ['without the gate', without.toFixed(2), '1.00'],
        ['with the gate', gated.toFixed(2), (gated / without).toFixed(2)],
        ['with the gate and its report', reported.toFixed(2), (reported / without).toFixed(2)],
      ],
    );
    const seconds = synth(
      output,
      ENVIRONMENTS.map((count) => `--gate --environments=${count}`),
      2,
    );
    const points = ENVIRONMENTS.map((count, index) => ({ count, seconds: seconds[index] ?? NaN }));
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

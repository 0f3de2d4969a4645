import * as fs from 'node:fs';
import * as path from 'node:path';
import { Command } from 'commander';
import { checks, NOT_DEPLOYED } from '../lib/checks/list';
import { type Outcome, runChecks } from '../lib/checks/run';
import { revision, ROOT } from './evidence/surroundings';
import { RESULTS, REVISION } from './evidence/test-results';

/** Prints how a check ended, and everything it said when it failed. */
function report({ name, passed, failed, seconds, output }: Outcome): void {
  const tests = passed + failed > 1 ? `, ${passed} passed` : '';
  console.log(
    `${failed === 0 ? 'pass' : 'FAIL'}  ${name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s${tests}`,
  );
  if (failed > 0) console.log(output.trimEnd().replace(/^/gm, '      '));
}

async function main(options: { readonly fast?: boolean }): Promise<void> {
  fs.rmSync(path.join(ROOT, RESULTS), { recursive: true, force: true });
  fs.mkdirSync(path.join(ROOT, RESULTS), { recursive: true });
  fs.writeFileSync(
    path.join(ROOT, RESULTS, REVISION),
    JSON.stringify({ ...revision(), leftOut: options.fast === true ? NOT_DEPLOYED : [] }),
  );
  const outcomes = await runChecks(checks(RESULTS, options.fast === true), {
    root: ROOT,
    cores: 2,
    environment: { ...process.env, CI: 'true' },
    now: () => performance.now(),
    onEnd: report,
  });
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void new Command('test')
  .description('Everything that has to hold before a change is merged; ends with `N passed, N failed`.')
  .option(
    '--fast',
    'only types and the unit tests of what is deployed, as the pipeline does before synth: the rest was asked before the merge',
  )
  .action(main)
  .parseAsync();

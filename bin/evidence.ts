import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import { Command } from 'commander';
import { compareFolders, compareWith } from '../lib/gate/evidence/compare';
import { verdictLine } from '../lib/gate/evidence/verdict';
import { writeEvidence } from '../lib/gate/evidence/write';
import { changesText } from './evidence/text';
import { writeSbom } from './evidence/sbom';
import { ROOT, surroundings } from './evidence/surroundings';

interface Options {
  readonly env?: string;
  readonly all?: boolean;
  readonly assembly?: string;
  readonly output?: string;
  readonly since?: string;
}

const FOLDER = '.cache/evidence';

/** Synthesises into a folder of its own, so that a cdk.out that somebody deploys from stays as it is. */
function synthesised(): string {
  const assembly = path.join(ROOT, FOLDER, 'cdk.out');
  try {
    execFileSync('npx', ['cdk', 'synth', '--quiet', '--output', assembly], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch {
    // The gate has said what it refuses; the evidence tells it again, and the code of this command with it.
  }
  return assembly;
}

function write(options: Options): void {
  const { env, since } = options;
  if ((env === undefined) === (options.all !== true))
    throw new Error('Say which environments: --env <name>, or --all.');
  writeSbom(ROOT);
  const folder = path.resolve(options.output ?? path.join(ROOT, FOLDER, (env ?? 'all').toLowerCase()));
  const { report, files } = writeEvidence(options.assembly ?? synthesised(), folder, {
    ...surroundings(),
    ...(env !== undefined && { environment: env }),
    ...(since !== undefined && { compare: (report, templateOf) => compareWith(since, report, templateOf) }),
  });
  console.log(verdictLine(report));
  if (report.diff) console.log(changesText(report.diff));
  console.log(`${files.length} files in ${path.relative(process.cwd(), folder) || '.'}`);
  if (report.verdict === 'fail') process.exitCode = 1;
}

/** Runs a command, whose refusals are sentences and no stack traces. */
function run<A extends unknown[]>(command: (...given: A) => void): (...given: A) => void {
  return (...given) => {
    try {
      command(...given);
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  };
}

const program = new Command('evidence').description('What an officer signs: the evidence of the HIPAA gate.');
program
  .command('write', { isDefault: true })
  .description('Writes the evidence of one environment or of all, and says where.')
  .option('--env <name>', 'one environment, for example prod')
  .option('--all', 'every environment and the pipeline')
  .option('--assembly <folder>', 'a cloud assembly to read; without it the application is synthesised')
  .option('--output <folder>', `where to write; ${FOLDER}/<name> without it`)
  .option('--since <folder>', 'evidence of the release to compare with')
  .action(run(write));
program
  .command('diff')
  .description('Says what changed between two evidence folders.')
  .argument('<earlier>')
  .argument('<later>')
  .option('--json', 'as JSON')
  .action(
    run((earlier: string, later: string, { json }: { readonly json?: boolean }) => {
      const diff = compareFolders(earlier, later);
      console.log(json === true ? JSON.stringify(diff, undefined, 1) : changesText(diff));
    }),
  );
program.parse();

import './without-node-notice';
import { execFileSync } from 'node:child_process';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { everyQuery } from '../app/src/queries/catalogue';
import { API_ROLE, API_SESSIONS } from '../lambda/run-migrations/env';
import { environmentNamed, loadConfiguration } from '../lib/config/load';
import { createMigrator } from '../lib/migrations/engine';
import { MigrationFilesError, readMigrations } from '../lib/migrations/files';
import { createMigration, KINDS, type Kind } from '../lib/migrations/files/create';
import { lintMigrations, toSarif, toText } from '../lib/migrations/lint';
import type { Clock } from '../lib/migrations/ports';
import { runRemotely, StoppedFollowing } from '../lib/migrations/remote';
import type { Outcome, Report } from '../lib/migrations/report';
import type { Request } from '../lib/migrations/request';
import { reportText } from '../lib/migrations/text';
import { releaseName } from '../lib/shared/release';
import { ofLocal, ofUrl } from './migrate/database';
import { lintProblems, refused } from './migrate/refused';

const ROOT = path.resolve(__dirname, '..');
const EXIT: Readonly<Record<Outcome, number>> = { done: 0, failed: 1, refused: 2, continue: 3 };
const CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds) => sleep(milliseconds),
  random: () => Math.random(),
};

interface Options {
  readonly env?: string;
  readonly dir: string;
  readonly folder: string;
  readonly ca?: string;
  readonly json?: true;
  readonly skipLint?: true;
}

interface UpOptions {
  readonly phase: 'expand' | 'contract';
  readonly to?: number;
  readonly approve?: string;
  readonly restorePoint?: string;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const tell = (text: string): void => void process.stderr.write(`${text}\n`);
const program = new Command('migrate')
  .description(
    'Migrations of the database: on this machine directly, elsewhere by the environment’s own function.',
  )
  .addHelpText(
    'after',
    `
Exit codes:
  0  done; nothing is wrong
  1  failed: what broke was taken back, or the report says what is left
  2  refused before anything ran, or found: bad files, lint, drift, a missing approval
  3  not finished, or stopped by Ctrl-C: the same command goes on from there
Ctrl-C cancels the statement that runs and takes it back; what is applied stays. A second one leaves at once.`,
  );

function number(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected the number of a migration, such as 4.');
  return Number(text);
}

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--env <name>', 'environment; without it, the database that DATABASE_URL names')
    .option('--dir <folder>', 'folder of the local environment', path.join(ROOT, '.local'))
    .option('--folder <folder>', 'folder of the migrations', path.join(ROOT, 'migrations'))
    .option('--ca <file>', 'certificate authority of the database that DATABASE_URL names, in PEM')
    .option('--json', 'print the report as JSON');
}

const phase = (): Option =>
  new Option('--phase <phase>', 'which phase').choices(['expand', 'contract']).default('expand');

command('status', 'Tell how far each migration is').action((options: Options) =>
  ask({ action: 'status' }, options),
);
command('lock', 'Tell who runs migrations now').action((options: Options) =>
  ask({ action: 'lock' }, options),
);
command('drift', 'Compare the database with what the migrations left').action((options: Options) =>
  ask({ action: 'drift' }, options),
);
command('compatible', 'Tell whether an older release can serve the schema as it is')
  .requiredOption('--release <name>', 'the release, as its tasks tell it, such as 0.1.0+0123456789ab')
  .action(({ release, ...options }: Options & { release: string }) =>
    ask({ action: 'compatible', release }, options),
  );
command('plan', 'Show what `up` would run: SQL, locks, rows, duration')
  .addOption(phase())
  .option('--to <number>', 'last migration to apply', number)
  .action(({ phase: which, to, ...options }: Options & { phase: 'expand' | 'contract'; to?: number }) =>
    ask({ action: 'plan', phase: which, ...(to !== undefined && { to }) }, options),
  );
command('up', 'Apply what is pending of a phase')
  .addOption(phase())
  .option('--to <number>', 'last migration to apply', number)
  .option('--approve <digest>', 'digest of the plan that may lose data')
  .option('--restore-point <id>', 'snapshot or moment to get the data of before back from')
  .option('--skip-lint', 'for tests of the guards: not where patients are')
  .action(({ phase: which, to, approve, restorePoint, ...options }: Options & UpOptions) =>
    ask(
      {
        action: 'up',
        phase: which,
        ...(to !== undefined && { to }),
        ...(approve !== undefined && { approve }),
        ...(restorePoint !== undefined && { restorePoint }),
      },
      options,
    ),
  );
command('down', 'Undo what is applied, newest first')
  .requiredOption('--to <number>', 'last migration to keep; 0 undoes all', number)
  .option('--allow-loss', 'undo also what loses data')
  .action(({ to, allowLoss, ...options }: Options & { to: number; allowLoss?: true }) =>
    ask({ action: 'down', to, ...(allowLoss && { allowLoss }) }, options),
  );
command('repair', 'Clear what a broken run left, and accept the schema as it is').action((options: Options) =>
  ask({ action: 'repair' }, options),
);
command('baseline', 'Record migrations as applied without running them')
  .requiredOption('--to <number>', 'newest migration that the database already has', number)
  .action(({ to, ...options }: Options & { to: number }) => ask({ action: 'baseline', to }, options));
program
  .command('lint')
  .description('Judge the files; needs no database')
  .option('--folder <folder>', 'folder of the migrations', path.join(ROOT, 'migrations'))
  .addOption(new Option('--format <form>', 'how to print').choices(['text', 'json', 'sarif']).default('text'))
  .action(async ({ folder, format }: { folder: string; format: 'text' | 'json' | 'sarif' }) => {
    await readMigrations(folder);
    const report = await lintMigrations(folder);
    if (format === 'text') print(toText(report));
    else print(JSON.stringify(format === 'json' ? report : toSarif(report), null, 2));
    process.exitCode = EXIT[report.outcome];
  });
program
  .command('new <name>')
  .description('Begin a migration: a pair of files with the next number')
  .option('--folder <folder>', 'folder of the migrations', path.join(ROOT, 'migrations'))
  .addOption(new Option('--kind <kind>', 'what it begins as').choices([...KINDS]).default('expand'))
  .action(async (name: string, { folder, kind }: { folder: string; kind: Kind }) => {
    for (const file of await createMigration(folder, name, kind)) print(path.relative(process.cwd(), file));
  });

async function ask(request: Request, options: Options): Promise<void> {
  const stop = new AbortController();
  process.on('SIGINT', () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    tell('Stopping: what runs is cancelled and taken back. Ctrl-C again leaves at once.');
  });
  const report = await linted(request, options, stop.signal).catch((error: unknown) => {
    if (error instanceof MigrationFilesError) return refused(request, error.problems);
    throw error;
  });
  print(options.json ? JSON.stringify(report, null, 2) : reportText(report));
  if (stop.signal.aborted && report.outcome === 'continue')
    tell('Stopped. What is applied stays, and nobody is kept out: the same command goes on from there.');
  process.exitCode = EXIT[report.outcome];
}

async function linted(request: Request, options: Options, signal: AbortSignal): Promise<Report> {
  const { env, folder, skipLint = false } = options;
  if (skipLint && env !== undefined && env !== 'local')
    throw new Error(`--skip-lint is for this machine only, not for ${env}.`);
  if (request.action === 'up' && !skipLint) {
    await readMigrations(folder);
    const found = await lintMigrations(folder);
    if (found.outcome !== 'done') return refused(request, lintProblems(found));
  }
  return reportOf(request, options, signal);
}

async function reportOf(request: Request, options: Options, signal: AbortSignal): Promise<Report> {
  const { env, dir, folder, ca } = options;
  if (env === undefined || env === 'local') {
    const { DATABASE_URL: url, NODE_EXTRA_CA_CERTS: extraCa } = process.env;
    const connect = env === 'local' ? ofLocal(dir) : ofUrl({ url, ca, extraCa });
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
    return createMigrator({
      set: await readMigrations(folder),
      connect,
      clock: CLOCK,
      runner: { release: releaseName(commit), commit, actor: os.userInfo().username },
      queries: everyQuery(),
      applicationPrefix: API_SESSIONS,
      applicationRole: API_ROLE,
      signal,
      onEvent: ({ words }) => tell(words),
    }).run(request);
  }
  const { environments } = loadConfiguration();
  const environment = environmentNamed(environments, env);
  if (!environment)
    throw new Error(`There is no environment "${env}"; there are ${Object.keys(environments).join(', ')}.`);
  const { name, account, region } = environment;
  return runRemotely(request, {
    account,
    stack: `${name.charAt(0).toUpperCase()}${name.slice(1)}-Data`,
    access: { region },
    clock: CLOCK,
    progress: tell,
    signal,
  });
}

function exitOf(error: unknown): number {
  if (error instanceof StoppedFollowing) return EXIT.continue;
  return error instanceof MigrationFilesError ? EXIT.refused : EXIT.failed;
}

program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitOf(error);
  tell(error instanceof Error ? error.message : String(error));
});

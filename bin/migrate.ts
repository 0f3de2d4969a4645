import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { Command, InvalidArgumentError, Option } from 'commander';
import { everyQuery } from '../app/src/queries/catalogue';
import { loadConfiguration } from '../lib/config/load';
import { foldersOf } from '../lib/local/folders';
import { readSummary } from '../lib/local/run/summary';
import { connector } from '../lib/migrations/connection';
import { createMigrator } from '../lib/migrations/engine';
import { MigrationFilesError, readMigrations } from '../lib/migrations/files';
import { createMigration, KINDS, type Kind } from '../lib/migrations/files/create';
import { lintMigrations, toSarif, toText } from '../lib/migrations/lint';
import type { Clock, Connect } from '../lib/migrations/ports';
import { runRemotely } from '../lib/migrations/remote';
import type { Outcome, Report } from '../lib/migrations/report';
import type { Request } from '../lib/migrations/request';
import { reportText } from '../lib/migrations/text';
import { releaseName } from '../lib/shared/release';

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
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const tell = (text: string): void => void process.stderr.write(`${text}\n`);
const program = new Command('migrate')
  .description(
    'Migrations of the database: on this machine directly, elsewhere by the environment’s own function.',
  )
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 refused or something found, 3 not finished: run it again.',
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
    .option('--ca <file>', 'certificate authority of the database that DATABASE_URL names')
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
  .action(
    async ({
      phase: which,
      to,
      approve,
      restorePoint,
      skipLint,
      ...options
    }: Options & {
      phase: 'expand' | 'contract';
      to?: number;
      approve?: string;
      restorePoint?: string;
      skipLint?: true;
    }) => {
      if (skipLint === true && options.env !== undefined && options.env !== 'local')
        throw new Error(`--skip-lint is for this machine only, not for ${options.env}.`);
      if (skipLint !== true && !(await lintPasses(options))) return;
      await ask(
        {
          action: 'up',
          phase: which,
          ...(to !== undefined && { to }),
          ...(approve !== undefined && { approve }),
          ...(restorePoint !== undefined && { restorePoint }),
        },
        options,
      );
    },
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

async function lintPasses({ folder }: Options): Promise<boolean> {
  const report = await lintMigrations(folder);
  if (report.outcome === 'done') return true;
  tell(toText(report));
  process.exitCode = EXIT.refused;
  return false;
}

async function ask(request: Request, options: Options): Promise<void> {
  const stop = new AbortController();
  process.on('SIGINT', () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    tell(
      'Stops after the statement that runs; press Ctrl-C again to leave at once, which loses nothing either.',
    );
  });
  const report = await reportOf(request, options, stop.signal);
  print(options.json ? JSON.stringify(report, null, 2) : reportText(report));
  process.exitCode = EXIT[report.outcome];
}

async function reportOf(request: Request, options: Options, signal: AbortSignal): Promise<Report> {
  if (options.env === undefined || options.env === 'local') {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
    return createMigrator({
      set: await readMigrations(options.folder),
      connect: options.env === undefined ? ofUrl(options) : ofLocal(options),
      clock: CLOCK,
      runner: { release: releaseName(commit), commit, actor: os.userInfo().username },
      queries: everyQuery(),
      applicationPrefix: 'telehealth-api/',
      remainingMs: () => (signal.aborted ? 0 : Infinity),
      onEvent: ({ words }) => tell(words),
    }).run(request);
  }
  const { environments } = loadConfiguration();
  const environment = environments[options.env];
  if (!environment)
    throw new Error(
      `There is no environment "${options.env}"; there are ${Object.keys(environments).join(', ')}.`,
    );
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

function ofLocal({ dir }: Options): Connect {
  const summary = readSummary(foldersOf(dir));
  if (!summary) throw new Error(`There is no local environment in ${dir}: run "npm start" first.`);
  return connector({
    host: 'localhost',
    port: summary.database.port,
    database: summary.database.name,
    user: summary.database.migratorUser,
    password: '',
    authorities: [fs.readFileSync(summary.cloud.caFile, 'utf8')],
  });
}

/** A database by its URL: over verified TLS, or in plain on this machine only. */
function ofUrl({ ca }: Options): Connect {
  const text = process.env['DATABASE_URL'];
  if (text === undefined || text === '')
    throw new Error('Say which database: --env <name>, or DATABASE_URL=postgresql://user@host:5432/name.');
  const url = new URL(text);
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const place = {
    host: url.hostname,
    port: Number(url.port || 5432),
    database: url.pathname.slice(1),
    user,
    password,
  };
  const file = ca ?? url.searchParams.get('sslrootcert') ?? process.env['NODE_EXTRA_CA_CERTS'];
  if (file !== undefined) return connector({ ...place, authorities: [fs.readFileSync(file, 'utf8')] });
  if (!['localhost', '127.0.0.1', '::1', '[::1]'].includes(url.hostname))
    throw new Error(`${url.hostname} is not this machine: name its certificate authority with --ca <file>.`);
  return async (application) => {
    const client = new Client({ ...place, application_name: application });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
}

program.parseAsync().catch((error: unknown) => {
  if (error instanceof MigrationFilesError) process.exitCode = EXIT.refused;
  else process.exitCode = EXIT.failed;
  tell(error instanceof Error ? error.message : String(error));
});

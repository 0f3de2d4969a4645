import './without-node-notice';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Command } from 'commander';
import { buildApi } from '../app/build';
import { assemblyFolders } from '../lib/local/deploy';
import { emulatorStatus, eraseState } from '../lib/local/emulator';
import { foldersOf } from '../lib/local/folders';
import { signIn } from '../lib/identity/sign-in';
import { poolOf, readCredentials } from '../lib/local/identity';
import { coverage } from '../lib/local/localise';
import { stopRehearsed } from '../lib/local/pipeline/rehearse';
import { removePostgres, postgresStatus } from '../lib/local/postgres';
import { diff } from '../lib/local/run/diff';
import { printLogs } from '../lib/local/run/logs';
import { start } from '../lib/local/run/start';
import { describe } from '../lib/local/run/status';
import { Steps } from '../lib/local/run/steps';
import { stop } from '../lib/local/run/stop';
import { readSummary, table } from '../lib/local/run/summary';
import { reportOf, runningSupervisor } from '../lib/local/supervisor';

const ROOT = path.resolve(__dirname, '..');
const DEFAULT_DIR = path.join(ROOT, '.local');

interface Options {
  readonly dir: string;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const program = new Command('local').description('The platform on this machine, on a local AWS.');

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option(
      '--dir <folder>',
      'folder of the environment; another folder is a second environment',
      DEFAULT_DIR,
    );
}

command('start', 'Start it, or bring it up to date')
  .option('--hold', 'leave the traffic on the version that runs, for `npm run release -- --env local`', false)
  .action(async ({ dir, hold }: Options & { readonly hold: boolean }) => {
    const steps = new Steps(print);
    const folders = foldersOf(dir);
    const started = await start({
      root: ROOT,
      folders,
      cacheDir: path.join(ROOT, '.cache'),
      buildApp: buildApi,
      steps,
      hold,
    });
    print(`\nThe platform runs on this machine (${steps.elapsed()}).\n`);
    print(table(started, dir === DEFAULT_DIR ? '' : ` --dir ${dir}`));
  });

command('stop', 'Stop it; its data stays').action(async ({ dir }: Options) => {
  const folders = foldersOf(dir);
  await stopRehearsed(folders);
  await stop(folders, new Steps(print));
});

command('status', 'Tell what runs and how it does').action(async ({ dir }: Options) => {
  const folders = foldersOf(dir);
  const control = runningSupervisor(folders.supervisor);
  const lines = describe({
    emulator: await emulatorStatus(folders.emulator, path.join(folders.authority, 'ca.crt')),
    database: postgresStatus({ dir: folders.postgres }),
    report: control === undefined ? undefined : await reportOf(control),
  });
  for (const line of lines.text) print(line);
  if (!lines.sound) process.exitCode = 1;
});

command('logs', 'Print the last lines of the logs')
  .argument('[component]', 'api, load-balancer, aws or database; all of them when left out')
  .action((component: string | undefined, { dir }: Options) => printLogs(foldersOf(dir), component, print));

command('diff', 'Compare the sources with what is deployed; exit code 1 when they differ').action(
  async ({ dir }: Options) => {
    const { same, text } = await diff(ROOT, foldersOf(dir));
    print(text);
    if (!same) process.exitCode = 1;
  },
);

command('destroy', 'Stop it and delete its data').action(async ({ dir }: Options) => {
  const folders = foldersOf(dir);
  await stopRehearsed(folders);
  await stop(folders, new Steps(print));
  eraseState(folders.emulator);
  await removePostgres({ dir: folders.postgres });
  fs.rmSync(folders.root, { recursive: true, force: true });
  print(`${folders.root} is gone.`);
});

command('coverage', 'List how each resource type fares on the local AWS').action(({ dir }: Options) => {
  const { synthesised } = assemblyFolders(foldersOf(dir).deployment);
  if (!fs.existsSync(synthesised)) throw new Error('Nothing is synthesised yet: run "npm start" first.');
  for (const { type, count, support, reconciled, dropped, note } of coverage(synthesised)) {
    print(`${support.padEnd(14)} ${type} (${count})`);
    if (reconciled.length > 0) print(`${' '.repeat(15)}applied by the bridge: ${reconciled.join(', ')}`);
    if (dropped.length > 0) print(`${' '.repeat(15)}dropped: ${dropped.join(', ')}`);
    if (note !== undefined) print(`${' '.repeat(15)}${note}`);
  }
});

command('token', 'Print an access token of the demo user').action(async ({ dir }: Options) => {
  const folders = foldersOf(dir);
  const summary = readSummary(folders);
  const credentials = readCredentials(folders.demoUserFile);
  if (summary === undefined || credentials === undefined)
    throw new Error('There is no demo user yet: run "npm start" first.');
  print((await signIn(poolOf(summary), credentials)).accessToken);
});

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

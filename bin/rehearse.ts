import './without-node-notice';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as readline from 'node:readline/promises';
import { Command, InvalidArgumentError } from 'commander';
import { foldersOf } from '../lib/local/folders';
import { figuresOf, figuresText } from '../lib/load/figures';
import { listText, playAll, playOne, SCENARIOS } from '../lib/local/scenarios';
import { obstacles } from '../lib/local/pipeline/definition/playable';
import { readSynthesised } from '../lib/local/pipeline/definition/read-assembly';
import { rehearse, stopRehearsed } from '../lib/local/pipeline/rehearse';
import { graph } from '../lib/local/pipeline/text/graph';
import { Screen } from '../lib/local/pipeline/text/screen';
import { summary } from '../lib/local/pipeline/text/summary';

const ROOT = path.resolve(__dirname, '..');

interface Options {
  readonly dir: string;
  readonly commit: string;
  readonly approve: boolean;
  readonly retry: boolean;
  readonly coldCache: boolean;
  readonly load?: number;
  readonly loadPath: string;
  readonly speed: number;
  readonly listActions: boolean;
  readonly stop: boolean;
  readonly list: boolean;
  readonly scenario?: string;
  readonly all: boolean;
  readonly assembly: string;
  readonly stack?: string;
}

/** A terminal has a live picture; anything else is given plain lines. */
const screen = process.stdout.isTTY ? new Screen(process.stdout) : undefined;

const print = (line: string): void =>
  screen === undefined ? void process.stdout.write(`${line}\n`) : screen.line(line);

/** Shows a pipeline as it was synthesised; exit code 2 when some of it cannot be played. */
function list({ assembly, stack }: Options): void {
  if (!fs.existsSync(path.join(assembly, 'manifest.json')))
    throw new Error(
      `${assembly} holds no cloud assembly: run "npx cdk synth" first, or name one with --assembly.`,
    );
  const definition = readSynthesised(assembly, stack);
  for (const line of graph(definition)) print(line);
  const found = obstacles(definition);
  if (found.length === 0) return;
  print('\nCannot be played:');
  for (const words of found) print(`  ${words}`);
  process.exitCode = 2;
}

async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return 'nobody is there to ask; use --approve in scripts';
  screen?.rest();
  const terminal = readline.createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`\n${question}\nApprove? [y/N] `);
    return /^y(es)?$/i.test(answer.trim()) ? undefined : 'by the person at the terminal';
  } finally {
    terminal.close();
    screen?.show();
  }
}

/** In a person's place, which shows what was agreed to. */
function agree(question: string): Promise<undefined> {
  print(`\n${question}\n`);
  return Promise.resolve(undefined);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError(`"${text}" is no number above 0.`);
  return value;
}

async function main(options: Options): Promise<void> {
  if (options.listActions) {
    list(options);
    return;
  }
  if (options.stop) {
    await stopRehearsed(foldersOf(options.dir));
    return;
  }
  if (options.list) {
    for (const line of listText(SCENARIOS)) print(line);
    return;
  }
  if (options.all || options.scenario !== undefined) {
    const folders = foldersOf(options.dir);
    process.exitCode = options.all
      ? await playAll(folders, print)
      : await playOne(folders, options.scenario ?? '', print);
    return;
  }
  const halt = new AbortController();
  process.once('SIGINT', () => halt.abort());
  process.once('SIGTERM', () => halt.abort());
  const { status, recorder, traffic, page } = await rehearse({
    root: ROOT,
    folders: foldersOf(options.dir),
    cacheDir: path.join(ROOT, '.cache'),
    commit: options.commit,
    retry: options.retry,
    stack: options.stack,
    warmCache: !options.coldCache,
    load: options.load,
    loadPath: options.loadPath,
    speed: options.speed,
    approve: options.approve ? agree : ask,
    print,
    show: (picture) => screen?.show(picture),
    signal: halt.signal,
  }).finally(() => screen?.rest());
  for (const line of summary(recorder)) print(line);
  const figures = traffic.flatMap(({ name, buckets }) =>
    buckets.length === 0 ? [] : [figuresOf(buckets, { name, from: 0, to: Infinity })],
  );
  if (figures.length > 0) for (const line of ['', ...figuresText(figures)]) print(line);
  print(`timeline: ${page}`);
  process.exitCode = status === 'Succeeded' ? 0 : 1;
}

new Command('rehearse')
  .description('Plays the pipeline, from its own synthesised template, on this machine.')
  .option('--dir <folder>', 'folder of the local environment', path.join(ROOT, '.local'))
  .option('--commit <ref>', 'commit, branch or tag to play', 'HEAD')
  .option('--approve', 'approve every manual approval', false)
  .option('--retry', 'play the failed stage of the last execution again, with its artifacts', false)
  .option('--cold-cache', 'let builds fetch every package anew, as the first build in AWS does', false)
  .option('--load <rps>', 'send requests to every load balancer meanwhile, so many in a second', positive)
  .option('--load-path <path>', 'path that they ask for', '/health/ready')
  .option('--speed <times>', 'how many times faster than in AWS deployments wait', positive, 240)
  .option('--list-actions', 'show the stages and actions of a synthesised pipeline and play nothing', false)
  .option('--list', 'list the scenarios, and play nothing', false)
  .option('--scenario <name>', 'play one thing that goes wrong, on what "npm start" has started')
  .option('--all', 'play every scenario', false)
  .option('--stop', 'end what earlier rehearsals have left running, and play nothing', false)
  .option('--assembly <folder>', 'cloud assembly that --list-actions reads', path.join(ROOT, 'cdk.out'))
  .option('--stack <name>', 'stack of the pipeline, when several hold one')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });

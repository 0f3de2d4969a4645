import * as fs from 'node:fs';
import * as path from 'node:path';
import { Command } from 'commander';
import { readSynthesised } from '../lib/local/pipeline/definition/read-assembly';
import { obstacles } from '../lib/local/pipeline/definition/playable';
import { graph } from '../lib/local/pipeline/text/graph';

const ROOT = path.resolve(__dirname, '..');

interface Options {
  readonly assembly: string;
  readonly stack?: string;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

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

new Command('rehearse')
  .description('Plays the pipeline, from its own synthesised template, on this machine.')
  .requiredOption('--list-actions', 'show the stages and actions of the synthesised pipeline')
  .option('--assembly <folder>', 'cloud assembly to read', path.join(ROOT, 'cdk.out'))
  .option('--stack <name>', 'stack of the pipeline, when several hold one')
  .action(list)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });

import { Command, InvalidArgumentError } from 'commander';
import { benchChain } from '../test/bench/chain';
import { benchEvidence } from '../test/bench/evidence';
import { benchDeploy } from '../test/bench/deploy';
import { benchHandlers } from '../test/bench/handlers';
import { benchMigrations } from '../test/bench/migrations';
import { benchMigrators } from '../test/bench/migrators';
import { benchSynth } from '../test/bench/synth';

const benches = { synth: benchSynth, handlers: benchHandlers, deploy: benchDeploy } as const;
const names = Object.keys(benches) as (keyof typeof benches)[];

const program = new Command('bench').description(
  'Measure on this machine and print ratios. Without a command: synth, handlers and the local deploy.',
);

program
  .command('quick', { isDefault: true })
  .description('synth with and without the gate, handlers, the local deploy')
  .argument('[names...]', `what to measure: ${names.join(', ')}; everything when left out`)
  .action((asked: string[]) => {
    const unknown = asked.filter((name) => !(name in benches));
    if (unknown.length > 0)
      program.error(`no bench named ${unknown.join(', ')}; there are ${names.join(', ')}`);
    for (const name of names.filter((n) => asked.length === 0 || asked.includes(n))) {
      console.log(`\n## ${name}`);
      void benches[name]();
    }
  });

program
  .command('migrations')
  .description('changes of a large table under load, naive and as shipped; fails when a target is missed')
  .option('--rows <number>', 'rows of the table', whole, 3_000_000)
  .option('--rate <number>', 'requests of a second', whole, 200)
  .option('--only <change>', 'one change only')
  .action(async (options: { readonly rows: number; readonly rate: number; readonly only?: string }) => {
    const missed = await benchMigrations(options);
    console.log(missed.length === 0 ? '\nEvery target is met.' : `\nMissed:\n${missed.join('\n')}`);
    process.exitCode = missed.length === 0 ? 0 : 1;
  });

program
  .command('migrators')
  .description('what this engine and maintained libraries make of the same accidents')
  .action(benchMigrators);

program
  .command('evidence')
  .description('write and open a report of a hundred thousand findings, enlarged from evidence that is there')
  .argument('[folder]', 'evidence to enlarge', 'cdk.out/evidence')
  .action(benchEvidence);

program.command('chain').description('verify the signed evidence of a thousand releases').action(benchChain);

function whole(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1.');
  return Number(text);
}

void program.parseAsync();

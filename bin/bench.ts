import { Command } from 'commander';
import { benchDeploy } from '../test/bench/deploy';
import { benchHandlers } from '../test/bench/handlers';
import { benchSynth } from '../test/bench/synth';

const benches = { synth: benchSynth, handlers: benchHandlers, deploy: benchDeploy } as const;
const names = Object.keys(benches) as (keyof typeof benches)[];

const program = new Command('bench')
  .description(
    'Measure on this machine and print ratios: synth with and without the gate, handlers, the local deploy.',
  )
  .argument('[names...]', `what to measure: ${names.join(', ')}; everything when left out`)
  .action((asked: string[]) => {
    const unknown = asked.filter((name) => !(name in benches));
    if (unknown.length > 0)
      program.error(`no bench named ${unknown.join(', ')}; there are ${names.join(', ')}`);
    for (const name of names.filter((n) => asked.length === 0 || asked.includes(n))) {
      console.log(`\n## ${name}`);
      benches[name]();
    }
  });

program.parse();

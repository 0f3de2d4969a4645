import { Argument, Command } from 'commander';
import { explain, explanation } from '../lib/config/explain';
import { environmentNamed, loadConfiguration } from '../lib/config/load';
import { isPlaceholderAccount } from '../lib/config/placeholder';
import { ConfigurationError } from '../lib/config/problem';
import { environmentSchema, pipelineSchema } from '../lib/config/schema';

const program = new Command('config').description(
  'What the environments and the pipeline are configured to be.',
);

program
  .command('explain')
  .description('Print every resolved setting with its meaning; a star marks what differs from the default.')
  .addArgument(new Argument('<name>', 'an environment, or `pipeline`'))
  .action((name: string) => {
    const { environments, pipeline } = loadConfiguration();
    const environment = environmentNamed(environments, name);
    if (!environment && name !== 'pipeline')
      program.error(
        `There is no environment "${name}": choose ${Object.keys(environments).join(', ')} or pipeline.`,
      );
    console.log(
      explanation(environment ? explain(environmentSchema, environment) : explain(pipelineSchema, pipeline)),
    );
    const { account } = environment ?? pipeline;
    if (isPlaceholderAccount(account))
      console.log(`\nAccount ${account} is a placeholder: synth works, deploy refuses.`);
  });

program
  .command('validate')
  .description('Check every environment and the pipeline; all problems are listed at once.')
  .action(() => {
    const { environments } = loadConfiguration();
    console.log(`The configuration is valid: ${Object.keys(environments).join(', ')} and the pipeline.`);
  });

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});

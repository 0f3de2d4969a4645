import { Argument, Command } from 'commander';
import { buildApi } from '../app/build';
import { bundlePlatform } from '../lib/platform-handlers';
import { bundleTools } from '../lib/shared/tool-code';

/** What can be built, by name. */
const PARTS: Readonly<Record<string, () => unknown>> = {
  api: () => buildApi(),
  tools: () => bundleTools(),
  handlers: () => bundlePlatform(),
};

new Command('build')
  .description(
    'Bundles what is deployed: the API, the tools that the steps of the pipeline run, the handlers.',
  )
  .addArgument(
    new Argument('[parts...]', 'what to build')
      .choices(Object.keys(PARTS))
      .default(Object.keys(PARTS), 'all of them'),
  )
  .action((parts: readonly string[]) => {
    for (const part of parts) PARTS[part]?.();
  })
  .parse();

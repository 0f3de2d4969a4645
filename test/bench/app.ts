import { App } from 'aws-cdk-lib';
import { synthesiseWithEvidence } from '../../bin/evidence/after-synth';
import { surroundings } from '../../bin/evidence/surroundings';
import { type Configuration, environmentSchema } from '../../lib/config/schema';
import { loadConfiguration } from '../../lib/config/load';
import { applyGate } from '../../lib/gate';
import { buildPlatform } from '../../lib/platform-app';
import { bundlePlatform } from '../../lib/platform-handlers';

// The application as bin/telehealth.ts makes it, with three things to vary: the gate, its report, and how many environments there are.
// It is an application of its own because the real one has no switch that turns the gate off.
const report = process.argv.includes('--report');
const gate = report || process.argv.includes('--gate');
const count = Number(
  process.argv.find((argument) => argument.startsWith('--environments='))?.split('=')[1] ?? 'NaN',
);

/** The pipeline with its environments, and copies of dev beside them when a number is asked for. */
function configuration(): Configuration {
  const real = loadConfiguration();
  if (Number.isNaN(count)) return real;
  const dev = real.environments['dev'];
  if (!dev) throw new Error('the bench copies the environment dev, which is not configured');
  const copies = Array.from({ length: count }, (_, index) =>
    environmentSchema.parse({
      ...dev,
      name: `bench${index}`,
      network: { ...dev.network, cidr: `10.${100 + index}.0.0/16` },
    }),
  );
  return { ...real, environments: Object.fromEntries(copies.map((e) => [e.name, e])) };
}

void bundlePlatform().then(() => {
  const app = new App({ builtinCloudFormationValidation: false });
  const estates = gate ? applyGate(app, { today: new Date(), whole: Number.isNaN(count) }) : undefined;
  buildPlatform(app, { configuration: configuration(), commit: '0'.repeat(40) });
  if (report) synthesiseWithEvidence(app, { ...surroundings(), ...(estates && { estates }) });
});

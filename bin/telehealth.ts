import { execFileSync } from 'node:child_process';
import { App } from 'aws-cdk-lib';
import { loadConfiguration } from '../lib/config/load';
import { PlatformStage } from '../lib/platform-stage';

const { environments } = loadConfiguration();
const app = new App();

// One environment alone, for the local start: `-c only=local`. Everything otherwise.
const only: unknown = app.node.tryGetContext('only');
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();

for (const environment of Object.values(environments)) {
  if (only !== undefined && only !== environment.name) continue;
  const id = environment.name.charAt(0).toUpperCase() + environment.name.slice(1);
  new PlatformStage(app, id, { environment, commit });
}

import { App } from 'aws-cdk-lib';
import { imageDigest } from '../lib/config/image-digest';
import { loadConfiguration } from '../lib/config/load';
import { applyGate } from '../lib/gate';
import { buildPlatform } from '../lib/platform-app';
import { bundlePlatform } from '../lib/platform-handlers';
import { synthesiseWithEvidence } from './evidence/after-synth';
import { surroundings } from './evidence/surroundings';

async function main(): Promise<void> {
  const known = surroundings();
  const configuration = loadConfiguration();
  await bundlePlatform();

  const app = new App();
  const only: unknown = app.node.tryGetContext('only');
  const estates = applyGate(app, { today: new Date(), whole: only === undefined });
  buildPlatform(app, {
    configuration,
    commit: known.commit,
    imageDigest: imageDigest(app.node.tryGetContext('image')),
    only: typeof only === 'string' ? only : undefined,
  });
  synthesiseWithEvidence(app, { ...known, estates });
}

// What is thrown ends the process with its message and a code of its own, as outside a promise.
void main();

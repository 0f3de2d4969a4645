import { execFileSync } from 'node:child_process';
import { App } from 'aws-cdk-lib';
import { loadConfiguration } from '../lib/config/load';
import { applyGate } from '../lib/gate';
import { buildPlatform } from '../lib/platform-app';
import { bundleHandlers } from '../lib/shared/handler-code';

const configuration = loadConfiguration();
bundleHandlers();

const app = new App();
const only: unknown = app.node.tryGetContext('only');
applyGate(app, { today: new Date(), whole: only === undefined });
buildPlatform(app, {
  configuration,
  commit: execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
  only: typeof only === 'string' ? only : undefined,
});

import { Template } from 'aws-cdk-lib/assertions';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { loadConfiguration } from '../../lib/config/load';
import { buildPlatform } from '../../lib/platform-app';
import { testApp } from './app';
import { SHARED_FOLDER } from './shared-folder';

/** The commit that the shared assembly is of. */
const COMMIT = '0'.repeat(40);

/** Folder of the whole application's cloud assembly: the first test file that asks makes it for all files of a run. */
export function platformFolder(): string {
  const shared = process.env[SHARED_FOLDER];
  if (shared === undefined) throw new Error(`${SHARED_FOLDER} is not set: is the global set-up run?`);
  const folder = path.join(shared, 'cdk.out');
  if (fs.existsSync(folder)) return folder;
  const own = fs.mkdtempSync(path.join(shared, 'making-'));
  const app = testApp({ outdir: own });
  buildPlatform(app, { configuration: loadConfiguration(), commit: COMMIT });
  app.synth();
  try {
    fs.renameSync(own, folder);
  } catch (error) {
    // Another worker was first, with the same.
    if (!fs.existsSync(folder)) throw error;
  }
  return folder;
}

/** The cloud assembly of the whole application, as the configuration has it. */
export function platformAssembly(): CloudAssembly {
  return new CloudAssembly(platformFolder());
}

/** Template of a stack of the application, by its path, for example `Pipeline/Prod/Data`. */
export function platformTemplate(stack: string): Template {
  const found = platformAssembly().stacksRecursively.find(({ hierarchicalId }) => hierarchicalId === stack);
  if (!found) throw new Error(`The application has no stack ${stack}.`);
  return Template.fromJSON(found.template as Record<string, unknown>);
}

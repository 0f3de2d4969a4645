import { bundlePlatform } from '../../lib/platform-handlers';
import { makeSharedFolder } from './shared-folder';

/** Bundles the Lambda handlers once for every test file, as the application does before synth. */
export default async function setUp(): Promise<void> {
  makeSharedFolder();
  await bundlePlatform();
}

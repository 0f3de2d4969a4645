import { bundlePlatform } from '../../lib/platform-handlers';
import { makeSharedFolder } from './shared-folder';

/** Makes the folder that test files share, and bundles the handlers once for all, as the application does before synth. */
export default async function setUp(): Promise<void> {
  makeSharedFolder();
  await bundlePlatform();
}

import { bundlePlatform } from '../../lib/platform-handlers';

/** Bundles the Lambda handlers once for every test file, as the application does before synth. */
export default async function bundleOnce(): Promise<void> {
  await bundlePlatform();
}

import { bundleHandlers } from '../../lib/shared/handler-code';

/** Bundles the Lambda handlers once for every test file, as the application does before synth. */
export default function bundleOnce(): void {
  bundleHandlers();
}

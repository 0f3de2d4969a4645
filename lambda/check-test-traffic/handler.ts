import { setTimeout as sleep } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SYNTHETIC } from '../../lib/identity/synthetic';
import { smoke, syntheticToken } from '../../lib/release/smoke';
import { parseEnvironment } from '../shared/environment';
import { releaseHook } from '../shared/release-hook';
import { fetchOnTestListener } from '../shared/test-listener';
import { tracer } from '../shared/telemetry';
import { checkTestTrafficSchema } from './env';

const lambda = tracer.captureAWSv3Client(new LambdaClient());

/** Tries the new version on the test listener before anybody else can reach it. */
export const handler = releaseHook(async ({ commit, signal }) => {
  const environment = parseEnvironment(checkTestTrafficSchema);
  const send = await fetchOnTestListener(environment);
  const report = await smoke({
    baseUrl: `https://${environment.API_HOST ?? 'test-listener'}`,
    expectVersion: commit,
    signIn: () => syntheticToken(lambda, environment.SIGN_IN_FUNCTION),
    patientId: SYNTHETIC.patientId,
    fetch: (input, init = {}) =>
      send(input, { ...init, signal: AbortSignal.any([signal, ...(init.signal ? [init.signal] : [])]) }),
    clock: {
      now: () => performance.now(),
      date: () => new Date(),
      sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }),
    },
  });
  return report.checks
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ name, words }) => `${name}: ${words}`);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SYNTHETIC } from '../../lib/identity/synthetic';
import { smoke, syntheticToken } from '../../lib/release/smoke';
import { parseEnvironment } from '../shared/environment';
import { fetchOn } from '../shared/listener';
import { releaseHook } from '../shared/release-hook';
import { tracer } from '../shared/telemetry';
import { tryVersionSchema } from './env';

const lambda = tracer.captureAWSv3Client(new LambdaClient());

/** Tries the new version on a listener: on that of the test traffic before anybody else can reach it, then on the public one. */
export const handler = releaseHook(async ({ commit, signal }) => {
  const environment = parseEnvironment(tryVersionSchema);
  const send = await fetchOn(environment);
  const report = await smoke({
    baseUrl: `https://${environment.API_HOST ?? 'listener'}`,
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

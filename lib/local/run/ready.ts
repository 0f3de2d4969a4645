import * as fs from 'node:fs';
import * as https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Control, reportOf } from '../supervisor';

const DEADLINE_MILLISECONDS = 90_000;

/** An answer of the API. */
export interface ApiAnswer {
  /** Status. */
  readonly status: number;
  /** Text. */
  readonly body: string;
}

/** Asks the API through the load balancer, trusting the local authority alone. */
export function askApi(
  url: string,
  caFile: string,
  headers: Record<string, string> = {},
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const options = { ca: fs.readFileSync(caFile), headers, agent: false, timeout: 10_000 };
    const request = https.get(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.once('error', reject);
    });
    request.once('timeout', () => request.destroy(new Error(`${url} did not answer`)));
    request.once('error', reject);
  });
}

/**
 * Waits until every service runs its revision and the API is ready through the load balancer.
 *
 * @returns the listener's address and what the readiness check answered
 * @throws Error with the services' last events when that takes too long
 */
export async function waitUntilReady(
  control: Control,
  caFile: string,
): Promise<{ readonly url: string; readonly health: string }> {
  const end = Date.now() + DEADLINE_MILLISECONDS;
  for (;;) {
    const report = await reportOf(control);
    const url = report.listeners.find(({ listenerPort }) => listenerPort === 443)?.url;
    const steady =
      report.services.length > 0 &&
      report.services.every(({ healthy, desired, tasks }) => healthy === desired && tasks.length === desired);
    if (url !== undefined && steady) {
      const { status, body } = await askApi(`${url}/health/ready`, caFile);
      if (status === 200) return { url, health: body.trim() };
    }
    if (Date.now() > end) {
      const events = report.services.flatMap(({ name, events: told }) =>
        told.slice(0, 4).map((e) => `  ${name}: ${e}`),
      );
      const trouble = report.trouble === undefined ? [] : [`  ${report.trouble}`];
      throw new Error(['The API did not become ready:', ...trouble, ...events].join('\n'));
    }
    await sleep(200);
  }
}

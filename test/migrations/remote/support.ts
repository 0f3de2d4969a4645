import type { Clock } from '../../../lib/migrations/ports';
import type { Problem, RunReport, StatusReport, Step } from '../../../lib/migrations/report';
import { awsClients, type AwsClients } from '../../../lib/migrations/remote/clients';
import { AwsServer, type AwsAnswer, type AwsCall } from '../../support/aws-server';

/** Time that passes when somebody waits, and at no other moment. */
export class TestClock implements Clock {
  readonly slept: number[] = [];
  private time = 0;

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.time += milliseconds;
    return new Promise((resolve) => setImmediate(resolve));
  }

  random(): number {
    return 0.5;
  }
}

/** An environment's AWS that answers as told. */
export async function awsThatAnswers(
  answer: (call: AwsCall) => AwsAnswer | Promise<AwsAnswer>,
): Promise<{ readonly server: AwsServer; readonly clients: AwsClients; readonly endpoint: string }> {
  const server = await AwsServer.start(answer);
  const { endpoint } = server;
  return { server, endpoint, clients: awsClients({ region: 'us-east-1', endpoint, credentials: KEYS }) };
}

/** Keys that nobody checks. */
export const KEYS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What stands in the environment. */
export const DEPLOYED = {
  runner: 'run-migrations',
  preparer: 'prepare-database',
  cluster: 'telehealth-prod',
  release: '0.1.0+abc',
  commit: 'abc',
};

export const step = (title: string, outcome: Step['outcome'], more: Partial<Step> = {}): Step => ({
  title,
  direction: 'up',
  outcome,
  milliseconds: 10,
  attempts: 1,
  ...more,
});

export const ran = (
  outcome: RunReport['outcome'],
  steps: readonly Step[],
  problems: Problem[] = [],
): RunReport => ({
  schemaVersion: 1,
  action: 'up',
  outcome,
  problems,
  milliseconds: 100,
  steps,
  version: steps.length,
});

export const status = (...migrations: StatusReport['migrations']): StatusReport => ({
  schemaVersion: 1,
  action: 'status',
  outcome: 'done',
  problems: [],
  milliseconds: 5,
  version: 0,
  migrations,
});

export const json = (value: unknown): AwsAnswer => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

export const BUSY: AwsAnswer = {
  status: 429,
  headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
  body: JSON.stringify({
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    message: 'Rate exceeded',
  }),
};

export const LOST: AwsAnswer = { body: '', cut: true };

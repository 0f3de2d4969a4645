import { type App, Stack } from 'aws-cdk-lib';
import type { Environment } from '../../lib/config/schema';
import { configuredEnvironment } from '../support/app';

/** A small environment of its own name, in the account that is deployed to: the placeholder, unless one is named. */
export function sandbox(): Environment {
  return configuredEnvironment('dev', {
    name: 'integ',
    account: process.env['SANDBOX_ACCOUNT'] ?? '111111111111',
    network: { cidr: '10.99.0.0/16' },
  });
}

/** The stack of a case's assertions: in the same account and region, so that it may refer to what is tested. */
export function assertionStack(app: App, { account, region }: Environment): Stack {
  return new Stack(app, 'IntegAssertions', { env: { account, region } });
}

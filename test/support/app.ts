import { App, type AppProps } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json';
import { written } from '../../lib/config/load';
import { type Environment, type EnvironmentInput, environmentSchema } from '../../lib/config/schema';

/** What costs a quarter of the time of a synthesis and no template shows: how each construct was called, and where. */
const UNSEEN = {
  '@aws-cdk/core:enableAdditionalMetadataCollection': false,
  'aws:cdk:disable-creation-stack-traces': true,
};

/** An application with the context that the CLI would give it, without what its templates do not show and their slow validation. */
export function testApp(props: AppProps = {}): App {
  return new App({
    context: { ...cdkJson.context, ...UNSEEN },
    builtinCloudFormationValidation: false,
    treeMetadata: false,
    ...props,
  });
}

/** The configured environment of that name, resolved, with some settings replaced. */
export function configuredEnvironment(
  name: keyof typeof written.environments,
  overrides: Partial<EnvironmentInput> = {},
): Environment {
  return environmentSchema.parse({ ...written.environments[name], ...overrides });
}

/** An environment for tests: production's settings, since those switch most on, with some replaced. */
export function testEnvironment(overrides: Partial<EnvironmentInput> = {}): Environment {
  return configuredEnvironment('prod', overrides);
}

import type { App } from 'aws-cdk-lib';
import type { Configuration, Environment } from './config/schema';
import { PlatformStage } from './platform-stage';

/** What the application is made from. */
export interface PlatformAppProps {
  /** Everything configured. */
  readonly configuration: Configuration;
  /** The commit that is deployed. */
  readonly commit: string;
  /**
   * Name of the one environment to make, without the pipeline.
   * @default - every environment, and the pipeline
   */
  readonly only?: string | undefined;
}

/** The construct id of an environment's Stage: its name with a capital, for example `Dev`. */
export function stageId(environment: Environment): string {
  return environment.name.charAt(0).toUpperCase() + environment.name.slice(1);
}

/** Fills the application: the environments that laptops deploy, and the pipeline with those that it deploys. */
export function buildPlatform(app: App, props: PlatformAppProps): void {
  const { configuration, commit, only } = props;
  const environments = Object.values(configuration.environments);
  for (const environment of environments.filter(({ name }) => only === undefined || only === name))
    new PlatformStage(app, stageId(environment), { environment, commit });
}

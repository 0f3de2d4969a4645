import type { App } from 'aws-cdk-lib';
import { type Configuration, DEPLOYED_BY_PIPELINE } from './config/schema';
import { PipelineStack } from './pipeline/pipeline-stack';
import { PlatformStage, stageId } from './platform-stage';

/** What the application is made from. */
export interface PlatformAppProps {
  /** Everything configured. */
  readonly configuration: Configuration;
  /** The commit that is deployed. */
  readonly commit: string;
  /**
   * Digest of the image that the pipeline built of it.
   * @default - none is built, and what is written for staging and prod does not start
   */
  readonly imageDigest?: string | undefined;
  /**
   * Name of the one laptop environment to make, without the pipeline.
   * @default - every environment, and the pipeline
   */
  readonly only?: string | undefined;
}

/**
 * Fills the application: the environments that laptops deploy, and the pipeline with those that it deploys. Staging
 * and production are nowhere but in the pipeline, so that no laptop deploys them by mistake.
 */
export function buildPlatform(app: App, props: PlatformAppProps): void {
  const { configuration, commit, imageDigest, only } = props;
  for (const environment of Object.values(configuration.environments)) {
    const asked = only === undefined || only === environment.name;
    if (asked && !DEPLOYED_BY_PIPELINE.has(environment.tier))
      new PlatformStage(app, stageId(environment), { environment, commit });
  }
  if (only === undefined) new PipelineStack(app, 'Pipeline', { configuration, commit, imageDigest });
}

import { Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What the tags of an environment, or of the pipeline, say. */
export interface PlatformTagsProps {
  /** The environment's name, or `pipeline`. */
  readonly environment: string;
  /** Team that answers for it. */
  readonly owner: string;
  /** Cost centre that pays. */
  readonly costCenter: string;
}

/**
 * Tags everything below a Stage or Stack that can be tagged; tags do not reach into Stages further down.
 * @param scope - the Stage or Stack
 */
export function tagPlatform(scope: IConstruct, props: PlatformTagsProps): void {
  for (const [key, value] of Object.entries({
    Project: 'telehealth',
    Environment: props.environment,
    Owner: props.owner,
    CostCenter: props.costCenter,
    Compliance: 'HIPAA',
    ManagedBy: 'aws-cdk',
  }))
    Tags.of(scope).add(key, value);
}

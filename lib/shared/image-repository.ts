import type { PipelineConfiguration } from '../config/schema';

/** An image, in a repository that may be another account's. */
export interface PlacedImage {
  /** ARN of the repository. */
  readonly repositoryArn: string;
  /** Digest of the image, `sha256:` and 64 digits. */
  readonly digest: string;
}

/** Name of the repository that the pipeline's images are in; fixed, since tasks of other accounts know it by name. */
export const IMAGE_REPOSITORY = 'telehealth/api';

/**
 * Digest that no image has. A synth outside the pipeline builds none, and deploys neither staging nor prod; what it
 * writes for them names this, and a task of it would not start.
 */
export const NO_IMAGE = `sha256:${'0'.repeat(64)}`;

/** ARN of the repository that the pipeline's images are in. */
export function imageRepositoryArn({ account, region }: PipelineConfiguration): string {
  return `arn:aws:ecr:${region}:${account}:repository/${IMAGE_REPOSITORY}`;
}

/** The repository as a container engine names it. */
export function imageRepositoryUri({ account, region }: PipelineConfiguration): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com/${IMAGE_REPOSITORY}`;
}

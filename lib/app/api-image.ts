import * as path from 'node:path';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Arn, ArnFormat } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { container } from '../../app/src/container';
import type { Environment } from '../config/schema';
import type { PlacedImage } from '../shared/image-repository';
import { releaseName } from '../shared/release';

const ROOT = path.resolve(__dirname, '../..');

/** What the API's image is made from. */
export interface ApiImageProps {
  /** The environment whose tasks run it. */
  readonly environment: Environment;
  /** The commit that an image that is built says it is of. */
  readonly commit: string;
  /**
   * The image that the pipeline built.
   * @default - a laptop deploys
   */
  readonly image?: PlacedImage;
}

/**
 * The image that the API's tasks run: the company's own by its digest where `api.image` names it, else the one that the
 * pipeline built, else the one that is built from app/. Never a tag, which could change behind the release.
 */
export function apiImage(
  scope: Construct,
  { environment, commit, image: built }: ApiImageProps,
): ecs.ContainerImage {
  const own = environment.api.image;
  if (own) {
    const repository = ecr.Repository.fromRepositoryName(scope, 'Repository', own.repository);
    return ecs.ContainerImage.fromEcrRepository(repository, own.digest);
  }
  if (built) {
    const { repositoryArn, digest } = built;
    const repository = ecr.Repository.fromRepositoryAttributes(scope, 'Repository', {
      repositoryArn,
      repositoryName: Arn.split(repositoryArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName ?? '',
    });
    return ecs.ContainerImage.fromEcrRepository(repository, digest);
  }
  // .dockerignore leaves only what the Dockerfile copies, so that a change elsewhere makes no new image.
  return ecs.ContainerImage.fromAsset(ROOT, {
    file: container.dockerfile,
    platform: Platform.LINUX_ARM64,
    assetName: 'api',
    buildArgs: { VERSION: releaseName(commit), COMMIT: commit },
    // Labels alone: the same sources stay the same asset, which says the commit that first had them.
    invalidation: { buildArgs: false },
  });
}

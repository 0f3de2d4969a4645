import * as path from 'node:path';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Arn, ArnFormat } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { container } from '../../app/src/container';
import type { Environment } from '../config/schema';
import type { PlacedImage } from '../shared/image-repository';

const ROOT = path.resolve(__dirname, '../..');

/**
 * The image that the API's tasks run: the company's own by its digest where `api.image` names it, else the one that the
 * pipeline built, else the one that is built from app/. Never a tag, which could change behind the release.
 * @param built - what the pipeline built; undefined where a laptop deploys
 */
export function apiImage(
  scope: Construct,
  environment: Environment,
  built: PlacedImage | undefined,
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
  });
}

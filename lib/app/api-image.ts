import * as path from 'node:path';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { container } from '../../app/src/container';
import type { Environment } from '../config/schema';

const ROOT = path.resolve(__dirname, '../..');

/**
 * The image that the API's tasks run: the one built from app/, or the company's own by its digest when
 * `api.image` names it. Never a tag, which could change behind the release.
 */
export function apiImage(scope: Construct, environment: Environment): ecs.ContainerImage {
  const { image } = environment.api;
  if (image) {
    const repository = ecr.Repository.fromRepositoryName(scope, 'Repository', image.repository);
    return ecs.ContainerImage.fromEcrRepository(repository, image.digest);
  }
  // .dockerignore leaves only what the Dockerfile copies, so that a change elsewhere makes no new image.
  return ecs.ContainerImage.fromAsset(ROOT, {
    file: container.dockerfile,
    platform: Platform.LINUX_ARM64,
    assetName: 'api',
  });
}

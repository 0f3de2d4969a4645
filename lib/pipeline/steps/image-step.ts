import { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { container } from '../../../app/src/container';
import type { PipelineConfiguration } from '../../config/schema';
import { imageRepositoryUri } from '../../shared/image-repository';

/** What the image step is made from. */
export interface ImageStepProps {
  /** Where the pipeline lives. */
  readonly configuration: PipelineConfiguration;
  /** The sources. */
  readonly source: pipelines.IFileSetProducer;
  /** Where the image is pushed to. */
  readonly repository: ecr.IRepository;
}

/** Variable that the step exports the digest in. */
const DIGEST = 'IMAGE_DIGEST';

/** What the image is made from, as Git names it: the same files have the same tag, whatever else a commit changes. */
const TAG_COMMANDS = [
  'FILES="$(git ls-tree -r HEAD -- .dockerignore $(sed -n \'s/^!//p\' .dockerignore))"',
  'TAG="$(echo "$FILES" | git hash-object --stdin)"',
];

/** What the image says of itself in its labels: the commit that first had these files, and the release of that name. */
const LABEL_COMMANDS = [
  'COMMIT="$(git rev-parse HEAD)"',
  // Apart from what is put together with it: of that only the last part's failure counts.
  'VERSION="$(node -p \'require("./package.json").version\')"',
  'RELEASE="$VERSION+$(echo "$COMMIT" | cut -c 1-12)"',
];

/** Digest of what has the tag; fails when nothing has. */
const LOOK_UP = `docker buildx imagetools inspect "$REPOSITORY:$TAG" --format '{{.Manifest.Digest}}'`;

const BUILD = [
  'docker buildx build',
  '--platform linux/arm64',
  // One manifest and not an index: ECR scans the digest that tasks run, and release tools ask for that scan.
  '--provenance=false --sbom=false',
  '--build-arg VERSION="$RELEASE" --build-arg COMMIT="$COMMIT"',
  `--file ${container.dockerfile}`,
  '--tag "$REPOSITORY:$TAG" --push .',
].join(' ');

/**
 * Builds the API's image and pushes it, unless the repository has it already: then its digest is taken. It is the one
 * privileged build, on a machine of the image's own architecture, and it leaves the packages that the image was built
 * from as `sbom.cdx.json`.
 */
export class ImageStep extends pipelines.CodeBuildStep {
  /** The digest, for other steps' variables. */
  readonly digest: string;

  constructor(id: string, { configuration, source, repository }: ImageStepProps) {
    super(id, {
      input: source,
      env: { REPOSITORY: imageRepositoryUri(configuration) },
      commands: [
        ...TAG_COMMANDS,
        ...LABEL_COMMANDS,
        'aws ecr get-login-password --region "$AWS_REGION" | docker login --username AWS --password-stdin "${REPOSITORY%%/*}"',
        // A look that fails for another reason ends here all the same: a tag that is there is not pushed again.
        `if ${LOOK_UP}; then echo "$TAG is built already"; else ${BUILD}; fi`,
        `export ${DIGEST}="$(${LOOK_UP})"`,
        `echo "$REPOSITORY@$${DIGEST}"; test -n "$${DIGEST}"`,
        'mkdir -p image && npm sbom --package-lock-only --omit dev --sbom-format cyclonedx > image/sbom.cdx.json',
      ],
      primaryOutputDirectory: 'image',
      rolePolicyStatements: [
        new iam.PolicyStatement({
          sid: 'SignIn',
          actions: ['ecr:GetAuthorizationToken'],
          resources: ['*'],
        }),
        new iam.PolicyStatement({
          sid: 'LookUpAndPush',
          actions: [
            'ecr:BatchCheckLayerAvailability',
            'ecr:BatchGetImage',
            'ecr:CompleteLayerUpload',
            'ecr:GetDownloadUrlForLayer',
            'ecr:InitiateLayerUpload',
            'ecr:PutImage',
            'ecr:UploadLayerPart',
          ],
          resources: [repository.repositoryArn],
        }),
      ],
      buildEnvironment: {
        buildImage: codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0,
        privileged: true,
      },
      partialBuildSpec: codebuild.BuildSpec.fromObject({
        phases: { install: { 'runtime-versions': { nodejs: '22' } } },
      }),
      timeout: Duration.minutes(30),
    });
    this.digest = this.exportedVariable(DIGEST);
  }
}

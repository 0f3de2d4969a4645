import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { stageId } from '../platform-stage';
import { IMAGE_REPOSITORY } from '../shared/image-repository';

/** What the repository is made from. */
export interface ImageRepositoryProps {
  /** The environments whose tasks run its images. */
  readonly environments: readonly Environment[];
}

/**
 * Images that are kept. Each has another content, so this many changes of the API lie between what any environment runs
 * and the oldest one; layers that images share are stored once.
 */
const KEPT_IMAGES = 1000;

/** Days that an image without a tag is kept: what a push left that did not come to its end. */
const UNTAGGED_DAYS = 14;

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/**
 * The images that the pipeline builds, once for all environments (docs/adr/0117-image-is-built-once.md). A tag is never
 * moved. The roles of an environment's App stack may pull from here, and its account may see what a scan found; ECR
 * decrypts by grants of its own, so none of them needs the key (Amazon ECR user guide, "Encryption at rest").
 */
export class ImageRepository extends Construct {
  /** The repository. */
  readonly repository: ecr.Repository;

  constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id);
    this.repository = new ecr.Repository(this, 'Repository', {
      repositoryName: IMAGE_REPOSITORY,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.KMS,
      encryptionKey: new kms.Key(this, 'Key', {
        alias: 'telehealth/pipeline/images',
        description: 'telehealth pipeline: images of the API',
        enableKeyRotation: true,
        pendingWindow: Duration.days(30),
        removalPolicy: RemovalPolicy.RETAIN,
      }),
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          rulePriority: 1,
          description: 'What a push left that did not come to its end',
          tagStatus: ecr.TagStatus.UNTAGGED,
          maxImageAge: Duration.days(UNTAGGED_DAYS),
        },
        {
          rulePriority: 2,
          description: 'By number and never by age, which an image that is live may have',
          tagStatus: ecr.TagStatus.TAGGED,
          tagPatternList: ['*'],
          maxImageCount: KEPT_IMAGES,
        },
      ],
    });
    for (const environment of props.environments) this.share(environment);
    Tags.of(this).add('DataClassification', 'Internal');
  }

  private share(environment: Environment): void {
    const { account } = environment;
    const stage = stageId(environment);
    const principals = [new iam.AccountPrincipal(account)];
    this.repository.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: `${stage}TasksPull`,
        principals,
        actions: PULL,
        // CloudFormation starts the name of a role that has none of its own with the stack's.
        conditions: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/${stage}-App-*` } },
      }),
    );
    this.repository.addToResourcePolicy(
      // What `npm run release -- --image` asks before it brings an image up: what a scan found, and by its manifest and
      // configuration what it is. Who of the account may is for its own IAM.
      new iam.PolicyStatement({
        sid: `${stage}SeesImages`,
        principals,
        actions: ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      }),
    );
  }
}

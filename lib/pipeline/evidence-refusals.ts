import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/** Whom the vault's bucket does not refuse. */
export interface Excepted {
  /** Where deployments run: CloudFormation's role there alone changes settings. */
  readonly deployments: { readonly account: string; readonly region: string };
  /** The roles that write. */
  readonly writers: readonly iam.IRole[];
  /** Objects that only one of them writes, as an ARN, each with that role. */
  readonly baselines: ReadonlyMap<string, iam.IRole>;
}

/** What only deployments change. */
const SETTINGS = [
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
  's3:PutBucketVersioning',
  's3:PutBucketObjectLockConfiguration',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
  's3:PutBucketLogging',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketOwnershipControls',
  's3:PutReplicationConfiguration',
];

const WRITES = ['s3:PutObject', 's3:PutObjectRetention', 's3:PutObjectLegalHold'];

const allBut = (...roles: readonly iam.IRole[]): iam.Conditions => ({
  ArnNotEquals: { 'aws:PrincipalArn': roles.map(({ roleArn }) => roleArn) },
});

/** What nobody may do in the vault's bucket, whatever their own policies say; and what only some may. */
export function refuse(bucket: s3.Bucket, { deployments, writers, baselines }: Excepted): void {
  const deny = (
    sid: string,
    actions: string[],
    conditions: iam.Conditions = {},
    resources = [bucket.bucketArn, bucket.arnForObjects('*')],
  ): void =>
    void bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        ...{ sid, effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()] },
        ...{ actions, resources, conditions },
      }),
    );
  deny('NobodyDeletes', [
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:DeleteBucket',
    's3:BypassGovernanceRetention',
  ]);
  deny('OnlyWritersWrite', WRITES, allBut(...writers));
  for (const [objects, publisher] of baselines)
    deny(`Only${publisher.node.id}Tells`, WRITES, allBut(publisher), [objects]);
  // Source: S3 user guide, "Enforce conditional writes on Amazon S3 buckets". Parts of an upload make no object.
  deny('NothingIsOverwritten', ['s3:PutObject'], {
    Null: { 's3:if-none-match': 'true' },
    Bool: { 's3:ObjectCreationOperation': 'true' },
  });
  const { account, region } = deployments;
  deny('OnlyDeploymentsChangeSettings', SETTINGS, {
    ArnNotEquals: {
      'aws:PrincipalArn': `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-${region}`,
    },
  });
}

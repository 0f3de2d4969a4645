import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PipelineConfiguration } from '../config/schema';
import { accept } from '../gate';
import { BUCKET_SETTINGS, objectLock } from '../shared/bucket-settings';
import { EvidenceKeys } from './evidence-keys';
import { EvidenceOfficer } from './evidence-officer';

/** What the vault is made from. */
export interface EvidenceVaultProps {
  /** Where the pipeline lives, how long evidence is kept, and who its officers are. */
  readonly configuration: PipelineConfiguration;
  /** Receives the bucket's access logs. */
  readonly accessLogs: s3.IBucket;
}

/** Folder of the chain within the bucket. */
const CHAIN = 'releases';

/** Two leap days are in any six years. */
const daysOf = (years: number): number => years * 365 + Math.ceil(years / 4) + 1;

const READS = ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention'];
const LOOKS = [
  's3:ListBucket',
  's3:ListBucketVersions',
  's3:GetBucketVersioning',
  's3:GetBucketObjectLockConfiguration',
];

/**
 * Where sealed evidence goes: a bucket whose objects nobody can delete or write again before their time, and the key that
 * signs. What keeps an administrator of the account from undoing it is in docs/how-to/protect-the-evidence.md.
 */
export class EvidenceVault extends Construct {
  /** Holds the chain. */
  readonly bucket: s3.Bucket;
  /** Encrypts and signs. */
  readonly keys: EvidenceKeys;
  /** The role of the steps that seal. */
  readonly sealer: iam.Role;
  /** The role of the step that verifies. */
  readonly verifier: iam.Role;
  /** What a tool is told: where the chain lies, `s3://<bucket>/releases`, which key signs it, and how it is kept. */
  readonly variables: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: EvidenceVaultProps) {
    super(scope, id);
    const { configuration } = props;
    this.sealer = this.stepRole('Sealer', configuration.account, 'Seals evidence and puts it into the vault');
    this.verifier = this.stepRole('Verifier', configuration.account, 'Reads evidence before a release');
    this.keys = new EvidenceKeys(this, 'Keys', { sealer: this.sealer });
    this.bucket = this.makeBucket(props);
    this.variables = {
      VAULT: `s3://${this.bucket.bucketName}/${CHAIN}`,
      SIGNING_KEY: this.keys.signing.keyArn,
      LOCK: configuration.evidence.lock,
      YEARS: String(configuration.evidence.years),
    };
    this.refuse(configuration);
    this.grantRead(this.verifier);
    this.grantRead(this.sealer);
    this.sealer.addToPolicy(
      new iam.PolicyStatement({
        sid: 'WriteEvidence',
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${CHAIN}/*`)],
      }),
    );
    this.keys.encryption.grantEncrypt(this.sealer);
    this.keys.signing.grant(this.sealer, 'kms:Sign');
    new EvidenceOfficer(this, 'Officer', { vault: this, officers: configuration.evidence.officers });
    Tags.of(this).add('DataClassification', 'Audit');
  }

  /** Lets a role read the chain, its versions and their locks, and know the key that signed it. */
  grantRead(grantee: iam.IGrantable): void {
    for (const statement of this.readStatements()) grantee.grantPrincipal.addToPrincipalPolicy(statement);
    this.keys.encryption.grantDecrypt(grantee);
  }

  private readStatements(): readonly iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({
        sid: 'ReadEvidence',
        actions: READS,
        resources: [this.bucket.arnForObjects(`${CHAIN}/*`)],
      }),
      new iam.PolicyStatement({ sid: 'LookAtVault', actions: LOOKS, resources: [this.bucket.bucketArn] }),
      new iam.PolicyStatement({
        sid: 'KnowTheKey',
        actions: ['kms:GetPublicKey', 'kms:Verify', 'kms:DescribeKey'],
        resources: [this.keys.signing.keyArn],
      }),
    ];
  }

  private stepRole(id: string, account: string, description: string): iam.Role {
    return new iam.Role(this, id, {
      description,
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
  }

  private makeBucket({ configuration, accessLogs }: EvidenceVaultProps): s3.Bucket {
    const { lock, years } = configuration.evidence;
    const bucket = new s3.Bucket(this, 'Bucket', {
      ...BUCKET_SETTINGS,
      ...objectLock({ mode: lock, days: daysOf(years) }),
      encryptionKey: this.keys.encryption,
      lifecycleRules: [{ id: 'EndAbandonedUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 's3/evidence/',
    });
    accept(bucket, 'S3BucketReplicationEnabled', {
      reason:
        'A replica would need a second region; the chain shows a loss, and the reports can be made anew from their commits',
      owner: 'platform-engineering',
      approvedBy: 'security-officer',
      ticket: 'HIPAA-17',
      expires: '2027-10-31',
      compensatingControl:
        'Object Lock for the whole retention, versions, and deletion denied to every principal',
    });
    return bucket;
  }

  /** What nobody may do, whatever their own policies say; and what only CloudFormation may. */
  private refuse({ account, region }: PipelineConfiguration): void {
    const deny = (
      sid: string,
      actions: string[],
      conditions?: Record<string, Record<string, unknown>>,
    ): void =>
      void this.bucket.addToResourcePolicy(
        new iam.PolicyStatement({
          sid,
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          actions,
          resources: [this.bucket.bucketArn, this.bucket.arnForObjects('*')],
          ...(conditions && { conditions }),
        }),
      );
    deny('NobodyDeletes', [
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:DeleteBucket',
      's3:BypassGovernanceRetention',
    ]);
    deny('OnlySealersWrite', ['s3:PutObject', 's3:PutObjectRetention', 's3:PutObjectLegalHold'], {
      ArnNotEquals: { 'aws:PrincipalArn': this.sealer.roleArn },
    });
    // Source: S3 user guide, "Enforce conditional writes on Amazon S3 buckets". Parts of an upload make no object.
    deny('NothingIsOverwritten', ['s3:PutObject'], {
      Null: { 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    });
    deny(
      'OnlyDeploymentsChangeSettings',
      [
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
      ],
      {
        ArnNotEquals: {
          'aws:PrincipalArn': `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-${region}`,
        },
      },
    );
  }
}

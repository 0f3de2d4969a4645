import { Duration, RemovalPolicy, Stack, type Stage, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PipelineConfiguration } from '../config/schema';
import { accept } from '../gate';
import { BUCKET_SETTINGS, objectLock } from '../shared/bucket-settings';
import { EvidenceKeys } from './evidence-keys';
import { EvidenceOfficer } from './evidence-officer';
import { refuse } from './evidence-refusals';

/** What the vault is made from. */
export interface EvidenceVaultProps {
  /** Where the pipeline lives, how long evidence is kept, and who its officers are. */
  readonly configuration: PipelineConfiguration;
  /** Ids of the stages that are released. */
  readonly stages: readonly string[];
  /** Receives the bucket's access logs. */
  readonly accessLogs: s3.IBucket;
}

/** Folder of the chain within the bucket. */
const CHAIN = 'releases';
/** Folder that tells which evidence of the chain is that of a release, by the stage's construct path. */
const BASELINES = 'baselines';

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
  /** The role of the step that seals what the synth wrote: before any approval, by what the commit brings. */
  readonly sealer: iam.Role;
  /** The role of the step that verifies. */
  readonly verifier: iam.Role;
  /** What a tool is told: where the chain and the baselines lie, which key signs, and how they are kept. */
  readonly variables: Readonly<Record<string, string>>;
  private readonly publishers: ReadonlyMap<string, iam.Role>;

  constructor(scope: Construct, id: string, props: EvidenceVaultProps) {
    super(scope, id);
    const { configuration, stages } = props;
    this.sealer = this.stepRole('Sealer', configuration.account, 'Seals evidence and puts it into the vault');
    this.verifier = this.stepRole('Verifier', configuration.account, 'Reads evidence before a release');
    this.publishers = new Map(
      stages.map((stage) => [
        stage,
        this.stepRole(
          `Publisher${stage}`,
          configuration.account,
          `Publishes the evidence of releases to ${stage}`,
        ),
      ]),
    );
    const writers = [this.sealer, ...this.publishers.values()];
    this.keys = new EvidenceKeys(this, 'Keys', { writers });
    this.bucket = this.makeBucket(props);
    this.variables = {
      VAULT: `s3://${this.bucket.bucketName}/${CHAIN}`,
      BASELINES: `s3://${this.bucket.bucketName}/${BASELINES}`,
      SIGNING_KEY: this.keys.signing.keyArn,
      LOCK: configuration.evidence.lock,
      YEARS: String(configuration.evidence.years),
    };
    refuse(this.bucket, {
      deployments: configuration,
      writers,
      baselines: new Map([...this.publishers].map(([stage, role]) => [this.baselinesOf(stage), role])),
    });
    this.grantRead(this.verifier);
    for (const writer of writers) this.grantSeal(writer);
    for (const [stage, role] of this.publishers)
      role.addToPolicy(
        new iam.PolicyStatement({
          sid: 'TellWhatIsReleased',
          actions: ['s3:PutObject'],
          resources: [this.baselinesOf(stage)],
        }),
      );
    new EvidenceOfficer(this, 'Officer', { vault: this, officers: configuration.evidence.officers });
    Tags.of(this).add('DataClassification', 'Audit');
  }

  /** Lets a role read the chain, its versions and their locks, and know the key that signed it. */
  grantRead(grantee: iam.IGrantable): void {
    for (const statement of this.readStatements()) grantee.grantPrincipal.addToPrincipalPolicy(statement);
    this.keys.encryption.grantDecrypt(grantee);
  }

  /**
   * The role of the step that publishes a release to a stage, after the approval where one is asked for. It alone may tell
   * that the evidence of that stage is that of a release.
   * @throws Error when the vault was made for other stages
   */
  publisher({ node }: Stage): iam.Role {
    const role = this.publishers.get(node.id);
    if (!role)
      throw new Error(
        `The vault ${this.node.path} has no publisher for ${node.path}: name ${node.id} in its stages (${[...this.publishers.keys()].join(', ')}).`,
      );
    return role;
  }

  private grantSeal(writer: iam.Role): void {
    this.grantRead(writer);
    writer.addToPolicy(
      new iam.PolicyStatement({
        sid: 'WriteEvidence',
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${CHAIN}/*`)],
      }),
    );
    this.keys.encryption.grantEncrypt(writer);
    this.keys.signing.grant(writer, 'kms:Sign');
  }

  private baselinesOf(stage: string): string {
    return this.bucket.arnForObjects(`${BASELINES}/${Stack.of(this).node.path}/${stage}/*`);
  }

  private readStatements(): readonly iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({
        sid: 'ReadEvidence',
        actions: READS,
        resources: [CHAIN, BASELINES].map((folder) => this.bucket.arnForObjects(`${folder}/*`)),
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
}

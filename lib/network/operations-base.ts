import { Duration, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { EncryptionKey } from '../shared/encryption-key';
import { removalPolicy } from '../shared/removal';
import { accept } from '../gate';
import type { Operations } from '../shared/operations';

/** What the operations base is made from. */
export interface OperationsBaseProps {
  /** The environment it serves. */
  readonly environment: Environment;
}

/** What every stack of an environment logs and alarms to. */
export class OperationsBase extends Construct implements Operations {
  /** Encrypts every log group. */
  readonly logKey: kms.Key;
  /** Encrypts every queue. */
  readonly queueKey: kms.Key;
  /** Where alarms are sent. */
  readonly alarmTopic: sns.Topic;
  /** Receives access logs. */
  readonly accessLogsBucket: s3.IBucket;

  constructor(scope: Construct, id: string, props: OperationsBaseProps) {
    super(scope, id);
    const { environment } = props;

    this.logKey = new EncryptionKey(this, 'LogKey', {
      environment,
      purpose: 'logs',
      services: [`logs.${environment.region}.amazonaws.com`],
    });
    this.queueKey = new EncryptionKey(this, 'QueueKey', {
      environment,
      purpose: 'queues',
      services: ['events.amazonaws.com'],
    });
    this.alarmTopic = this.makeAlarmTopic(environment);
    // Asserted, since under exactOptionalPropertyTypes the library's class lacks what its own interface allows.
    this.accessLogsBucket = this.makeAccessLogsBucket(environment) as s3.IBucket;
  }

  private makeAlarmTopic(environment: Environment): sns.Topic {
    const masterKey = new EncryptionKey(this, 'AlarmKey', {
      environment,
      purpose: 'alarms',
      services: ['cloudwatch.amazonaws.com'],
    });
    const topic = new sns.Topic(this, 'AlarmTopic', {
      displayName: `telehealth ${environment.name} alarms`,
      masterKey,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowAlarms',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': environment.account } },
      }),
    );
    for (const address of environment.alarmEmails)
      topic.addSubscription(new subscriptions.EmailSubscription(address));
    return topic;
  }

  private makeAccessLogsBucket(environment: Environment): s3.Bucket {
    const bucket = new s3.Bucket(this, 'AccessLogs', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        {
          id: 'KeepAsLongAsAuditRecords',
          transitions: [
            { storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
          ],
          expiration: Duration.days(environment.retention.auditDays),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      removalPolicy: removalPolicy(environment),
    });
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowServerAccessLogs',
        principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('s3/*')],
        conditions: { StringEquals: { 'aws:SourceAccount': environment.account } },
      }),
    );
    for (const [rule, reason] of [
      ['S3DefaultEncryptionKMS', 'S3 and load balancer log delivery can write to an SSE-S3 bucket only'],
      [
        'TemplateS3Encrypted',
        'S3 and load balancer log delivery can write to an SSE-S3 bucket only, whatever key is named',
      ],
      ['S3BucketLoggingEnabled', 'A bucket that logs its own accesses into itself writes logs without end'],
      [
        'S3BucketReplicationEnabled',
        'Access logs only; the records that audits rest on are kept in other stores',
      ],
    ] as const)
      accept(bucket, rule, {
        reason,
        owner: 'platform-engineering',
        approvedBy: 'security-officer',
        ticket: 'HIPAA-12',
        expires: '2027-10-31',
        compensatingControl: 'SSE-S3, versions, TLS only, no public access; the bucket holds no health data',
      });
    Tags.of(bucket).add('DataClassification', 'Audit');
    return bucket;
  }
}

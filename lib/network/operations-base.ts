import { Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { AccessLogsBucket } from '../shared/access-logs-bucket';
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

  private makeAccessLogsBucket(environment: Environment): AccessLogsBucket {
    const bucket = new AccessLogsBucket(this, 'AccessLogs', {
      days: environment.retention.auditDays,
      archiveAfterDays: 90,
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
    accept(bucket, 'S3BucketLoggingEnabled', {
      reason: 'A bucket that logs its own accesses into itself writes logs without end',
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

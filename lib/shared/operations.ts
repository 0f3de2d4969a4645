import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';

/** What the network stack lends to every other stack of its environment for logging and alarms. */
export interface Operations {
  /** Encrypts every log group. */
  readonly logKey: kms.IKey;
  /** Encrypts every queue; not the topics' key, which would close a circle (CloudFormation lint F3004). */
  readonly queueKey: kms.IKey;
  /** Where alarms are sent. */
  readonly alarmTopic: sns.ITopic;
  /** Receives server access logs, load balancer logs and the like; SSE-S3, since log delivery can do no other. */
  readonly accessLogsBucket: s3.IBucket;
}

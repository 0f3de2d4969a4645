import { CfnResource, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import type { Environment } from '../config/schema';
import { accept } from '../gate';
import { logRetention } from '../shared/log-retention';
import { removalPolicy } from '../shared/removal';

/** Id of the function that the library makes for `restrictDefaultSecurityGroup`, under the stack. */
const PROVIDER = 'Custom::VpcRestrictDefaultSGCustomResourceProvider';

/** What the function is hardened with. */
export interface DefaultSecurityGroupProps {
  /** The environment it runs in. */
  readonly environment: Environment;
  /** The default group of the VPC. */
  readonly defaultSecurityGroupId: string;
  /** Encrypts its log group. */
  readonly logKey: kms.IKey;
  /** Encrypts the queue of what it could not handle. */
  readonly queueKey: kms.IKey;
}

/**
 * Brings the library's own function that empties the VPC's default security group up to the house rules: arm64, one
 * copy at a time, a dead-letter queue, a log group with key and retention, and one managed policy in place of an inline one and of the
 * AWS managed one, which allows all log groups. The function stays the library's, since the HIPAA rule
 * VPCDefaultSecurityGroupClosed accepts no other; it stands outside the VPC, as it must work before the VPC does,
 * and sees no data.
 */
export class DefaultSecurityGroup extends Construct {
  constructor(scope: Construct, id: string, props: DefaultSecurityGroupProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const provider = stack.node.findChild(PROVIDER);
    const role = resourceUnder(provider, 'Role');
    const handler = resourceUnder(provider, 'Handler');

    const logGroup = new logs.LogGroup(this, 'Logs', {
      encryptionKey: props.logKey,
      retention: logRetention(props.environment.retention.logDays),
      removalPolicy: removalPolicy(props.environment),
    });
    const deadLetters = new sqs.Queue(this, 'DeadLetters', {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: props.queueKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const policy = new iam.CfnManagedPolicy(this, 'Policy', {
      description: 'Empties the default security group of the VPC and logs it',
      roles: [role.ref],
      policyDocument: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            actions: [
              'ec2:AuthorizeSecurityGroupIngress',
              'ec2:AuthorizeSecurityGroupEgress',
              'ec2:RevokeSecurityGroupIngress',
              'ec2:RevokeSecurityGroupEgress',
            ],
            resources: [
              stack.formatArn({
                service: 'ec2',
                resource: 'security-group',
                resourceName: props.defaultSecurityGroupId,
              }),
            ],
          }),
          new iam.PolicyStatement({
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
          new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
          new iam.PolicyStatement({
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: [props.queueKey.keyArn],
          }),
        ],
      }),
    });
    role.addPropertyDeletionOverride('Policies');
    role.addPropertyDeletionOverride('ManagedPolicyArns');
    handler.addPropertyOverride('Architectures', ['arm64']);
    handler.addPropertyOverride('ReservedConcurrentExecutions', 1);
    handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
    handler.addPropertyOverride('DeadLetterConfig', { TargetArn: deadLetters.queueArn });
    handler.addResourceDependency(policy);
    for (const rule of ['LambdaInsideVPC', 'TemplateLambdaInVpc'])
      accept(handler, rule, {
        reason:
          'It empties the default security group before the VPC can carry a function, and at its deletion',
        owner: 'platform-engineering',
        approvedBy: 'security-officer',
        ticket: 'HIPAA-22',
        expires: '2027-10-31',
        compensatingControl: 'It may change that one security group and nothing else, and is logged',
      });
  }
}

function resourceUnder(scope: IConstruct, id: string): CfnResource {
  const child = scope.node.findChild(id);
  if (CfnResource.isCfnResource(child)) return child;
  throw new Error(`${child.node.path} is not a resource: the library makes its function in another way now`);
}

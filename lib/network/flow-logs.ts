import { Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logRetention } from '../shared/log-retention';
import { removalPolicy } from '../shared/removal';
import type { Environment } from '../config/schema';

/** What the flow logs are made from. */
export interface FlowLogsProps {
  /** The environment the VPC belongs to; its audit retention applies. */
  readonly environment: Environment;
  /** The VPC whose traffic is recorded. */
  readonly vpc: ec2.IVpc;
  /** Encrypts the log group. */
  readonly logKey: kms.IKey;
}

/** A record of all traffic of the VPC, accepted and rejected, kept as long as audit records are. */
export class FlowLogs extends Construct {
  /** Where the records are. */
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const { environment, vpc } = props;

    this.logGroup = new logs.LogGroup(this, 'LogGroup', {
      encryptionKey: props.logKey,
      retention: logRetention(environment.retention.auditDays),
      removalPolicy: removalPolicy(environment),
    });
    new ec2.FlowLog(this, 'FlowLog', {
      resourceType: ec2.FlowLogResourceType.fromVpc(vpc),
      trafficType: ec2.FlowLogTrafficType.ALL,
      maxAggregationInterval: ec2.FlowLogMaxAggregationInterval.ONE_MINUTE,
      destination: ec2.FlowLogDestination.toCloudWatchLogs(this.logGroup, this.role(environment)),
    });
    Tags.of(this).add('DataClassification', 'Audit');
  }

  /** Only flow logs of this account and region may write by it (Amazon VPC user guide, "IAM role for publishing flow logs"). */
  private role({ account, region }: Environment): iam.Role {
    return new iam.Role(this, 'Role', {
      description: 'Writes the flow logs of the VPC',
      assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:aws:ec2:${region}:${account}:vpc-flow-log/*` },
        },
      }),
    });
  }
}

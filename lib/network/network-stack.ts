import { Tags } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Operations } from '../shared/operations';
import { PlatformStack, type PlatformStackProps } from '../shared/platform-stack';
import { DefaultSecurityGroup } from './default-security-group';
import { Endpoints } from './endpoints';
import { FlowLogs } from './flow-logs';
import { OperationsBase } from './operations-base';
import { PlatformSecurityGroups } from './security-groups';
import { PlatformVpc } from './platform-vpc';
import { CheckCaller } from './check-caller';
import { ReleaseCaller } from './release-caller';
import { ReviewCaller } from './review-caller';

/** The security groups of an environment; all live in the network stack, so that no two stacks depend on each other. */
export interface SecurityGroups {
  /** The public load balancer. */
  readonly loadBalancer: ec2.ISecurityGroup;
  /** The API's tasks. */
  readonly api: ec2.ISecurityGroup;
  /** The Aurora cluster. */
  readonly database: ec2.ISecurityGroup;
  /** Functions that call AWS services only. */
  readonly functions: ec2.ISecurityGroup;
  /** The function that migrates the database. */
  readonly migrations: ec2.ISecurityGroup;
}

/** The network as the other stacks see it. */
export interface Network {
  /** The VPC, with public, private and isolated subnets. */
  readonly vpc: ec2.IVpc;
  /** Its security groups. */
  readonly securityGroups: SecurityGroups;
  /** What the pipeline becomes to judge change sets and try releases; absent where no pipeline deploys. */
  readonly checkCaller?: iam.IRole;
  /** What the pipeline becomes to release; absent where no pipeline deploys. */
  readonly releaseCaller?: iam.IRole;
  /** What the pipeline becomes to look before a person approves; absent where nobody is asked. */
  readonly reviewCaller?: iam.IRole;
}

/** What the network stack is made from. */
export interface NetworkStackProps extends PlatformStackProps {
  /**
   * Account of the pipeline that deploys the environment.
   * @default - none does
   */
  readonly pipelineAccount?: string;
}

/** The ground of an environment: VPC, endpoints, security groups, and where logs and alarms go. */
export class NetworkStack extends PlatformStack implements Network {
  /** The VPC, with public, private and isolated subnets. */
  readonly vpc: ec2.IVpc;
  /** Its security groups. */
  readonly securityGroups: SecurityGroups;
  /** Log key, queue key, alarm topic and access-log bucket of the environment. */
  readonly operations: Operations;
  /** What the pipeline becomes to judge change sets and try releases; absent where no pipeline deploys. */
  readonly checkCaller?: iam.IRole;
  /** What the pipeline becomes to release; absent where no pipeline deploys. */
  readonly releaseCaller?: iam.IRole;
  /** What the pipeline becomes to look before a person approves; absent where nobody is asked. */
  readonly reviewCaller?: iam.IRole;

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props);
    const { environment, pipelineAccount } = props;

    const operations = new OperationsBase(this, 'Operations', { environment });
    const { vpc, defaultSecurityGroupId } = new PlatformVpc(this, 'Network', { environment });
    new DefaultSecurityGroup(this, 'DefaultSecurityGroup', {
      environment,
      defaultSecurityGroupId,
      logKey: operations.logKey,
      queueKey: operations.queueKey,
    });
    const securityGroups = new PlatformSecurityGroups(this, 'SecurityGroups', { environment, vpc });
    new FlowLogs(this, 'FlowLogs', { environment, vpc, logKey: operations.logKey });
    new Endpoints(this, 'Endpoints', { environment, vpc, clients: securityGroups.endpointClients });

    this.vpc = vpc;
    this.securityGroups = securityGroups;
    this.operations = operations;
    if (pipelineAccount !== undefined) {
      this.checkCaller = new CheckCaller(this, 'CheckCaller', { environment, pipelineAccount });
      this.releaseCaller = new ReleaseCaller(this, 'ReleaseCaller', { environment, pipelineAccount });
    }
    if (pipelineAccount !== undefined && environment.approval)
      this.reviewCaller = new ReviewCaller(this, 'ReviewCaller', { environment, pipelineAccount });
    Tags.of(this).add('DataClassification', 'Internal');
  }
}

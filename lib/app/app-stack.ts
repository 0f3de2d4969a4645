import { CfnOutput, Tags } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type { Construct } from 'constructs';
import type { Auth } from '../auth/auth-stack';
import type { Data } from '../data/data-stack';
import type { Network } from '../network/network-stack';
import type { Operations } from '../shared/operations';
import { PlatformStack, type PlatformStackProps } from '../shared/platform-stack';
import { ApiLoadBalancer } from './api-load-balancer';
import { ApiService } from './api-service';

/** What the app stack is made from. */
export interface AppStackProps extends PlatformStackProps {
  /** The VPC and its security groups. */
  readonly network: Network;
  /** Where logs and alarms go. */
  readonly operations: Operations;
  /** The data stores. */
  readonly data: Data;
  /** The people, and the role of the API. */
  readonly auth: Auth;
  /** The commit that is deployed. */
  readonly commit: string;
}

/** The API behind its load balancer, released by CodeDeploy. */
export class AppStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: AppStackProps) {
    super(scope, id, props);
    const { environment, network, operations } = props;

    const front = new ApiLoadBalancer(this, 'Front', {
      network,
      accessLogsBucket: operations.accessLogsBucket,
      certificate: acm.Certificate.fromCertificateArn(this, 'Certificate', environment.certificateArn ?? ''),
    });
    const api = new ApiService(this, 'Api', { ...props, targetGroup: front.blue });
    const group = new codedeploy.EcsDeploymentGroup(this, 'Release', {
      service: api.service,
      blueGreenDeploymentConfig: {
        blueTargetGroup: front.blue,
        greenTargetGroup: front.green,
        listener: front.production,
        testListener: front.test,
      },
    });
    new CfnOutput(this, 'LoadBalancerDns', { value: front.loadBalancer.loadBalancerDnsName });
    new CfnOutput(this, 'DeploymentGroup', { value: group.deploymentGroupName });
    Tags.of(this).add('DataClassification', 'Internal');
  }
}

import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { endpointPolicy, s3EndpointPolicy } from './endpoint-policy';

const { InterfaceVpcEndpointAwsService: Service } = ec2;

/**
 * The services that workloads call from the VPC. Two are missing on purpose: Cognito refuses PrivateLink to a
 * pool that has a domain ("PrivateLink access is disabled for the user pool that has ManagedLogin configured"),
 * and the Chime SDK has no endpoint; both are reached through the NAT gateway.
 */
const INTERFACE_SERVICES: Readonly<Record<string, ec2.InterfaceVpcEndpointAwsService>> = {
  CodeDeploy: Service.CODEDEPLOY,
  EcrApi: Service.ECR,
  EcrDocker: Service.ECR_DOCKER,
  Events: Service.EVENTBRIDGE,
  Kms: Service.KMS,
  Lambda: Service.LAMBDA,
  Logs: Service.CLOUDWATCH_LOGS,
  Monitoring: Service.CLOUDWATCH_MONITORING,
  SecretsManager: Service.SECRETS_MANAGER,
  Sns: Service.SNS,
  Sqs: Service.SQS,
  Ssm: Service.SSM,
  Sts: Service.STS,
  Xray: Service.XRAY,
};

/** What the endpoints are made from. */
export interface EndpointsProps {
  /** The environment the endpoints belong to. */
  readonly environment: Environment;
  /** The VPC they open into. */
  readonly vpc: ec2.IVpc;
  /** The security groups that may call them. */
  readonly clients: readonly ec2.SecurityGroup[];
}

/**
 * Private ways to AWS services. The gateway endpoints are free; an interface endpoint costs about 7.30 USD a
 * month for each zone (us-east-1 list price, 0.01 USD an hour), so they stand in as many zones as there are NAT
 * gateways: the environment says once what availability it pays for.
 */
export class Endpoints extends Construct {
  /** The group of the interface endpoints. */
  readonly securityGroup: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    const { environment, vpc } = props;

    const gateways = [
      {
        name: 'S3',
        service: ec2.GatewayVpcEndpointAwsService.S3,
        policy: s3EndpointPolicy(environment, vpc),
      },
      {
        name: 'DynamoDb',
        service: ec2.GatewayVpcEndpointAwsService.DYNAMODB,
        policy: endpointPolicy(environment),
      },
    ];
    for (const { name, service, policy } of gateways) {
      // Into the private subnets' routes alone: the isolated ones keep no way out at all.
      const endpoint = new ec2.GatewayVpcEndpoint(this, name, {
        vpc,
        service,
        subnets: [{ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }],
      });
      (endpoint.node.defaultChild as ec2.CfnVPCEndpoint).policyDocument = policy;
    }

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Interface endpoints: HTTPS from the workloads',
      allowAllOutbound: false,
    });
    for (const client of props.clients)
      this.securityGroup.addIngressRule(client, ec2.Port.tcp(443), 'HTTPS from a workload');

    for (const [name, service] of Object.entries(INTERFACE_SERVICES)) {
      const endpoint = new ec2.InterfaceVpcEndpoint(this, name, {
        vpc,
        service,
        open: false,
        securityGroups: [this.securityGroup],
        subnets: {
          subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS,
          availabilityZones: environment.availabilityZones.slice(0, environment.network.natGateways),
        },
      });
      (endpoint.node.defaultChild as ec2.CfnVPCEndpoint).policyDocument = endpointPolicy(environment);
    }
  }
}

import { Duration } from 'aws-cdk-lib';
import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { container } from '../../app/src/container';
import { accept } from '../gate';
import type { Network } from '../network/network-stack';
import { PUBLIC_LISTENER_PORT, TEST_LISTENER_PORT } from '../shared/ports';

/**
 * Seconds that a target which leaves may still finish requests. The API ends within `DRAIN_SECONDS` of its
 * SIGTERM, which is less.
 */
export const DEREGISTRATION_DELAY = Duration.seconds(30);

/** What the load balancer is made from. */
export interface ApiLoadBalancerProps {
  /** The VPC and its security groups. */
  readonly network: Network;
  /** Receives the access and connection logs. */
  readonly accessLogsBucket: s3.IBucket;
  /** What the HTTPS listeners show. */
  readonly certificate: acm.ICertificate;
}

/**
 * The public load balancer with its listeners and the two target groups that a release moves traffic between.
 *
 * CodeDeploy rewrites the listeners' actions outside CloudFormation, so a later template change of a listener
 * would send traffic back to the first group: the listeners are frozen (a test holds their properties).
 * Both start on the blue group: CodeDeploy refuses to begin while a listener does not point at the group of the
 * service's primary task set.
 */
export class ApiLoadBalancer extends Construct {
  /** The load balancer. */
  readonly loadBalancer: elb.ApplicationLoadBalancer;
  /** The listener of the public, on 443. */
  readonly production: elb.ApplicationListener;
  /** The listener of the release, on 8443. */
  readonly test: elb.ApplicationListener;
  /** The group that the service is first registered with. */
  readonly blue: elb.ApplicationTargetGroup;
  /** The group that the first release puts its tasks in. */
  readonly green: elb.ApplicationTargetGroup;

  constructor(scope: Construct, id: string, props: ApiLoadBalancerProps) {
    super(scope, id);
    const { vpc, securityGroups } = props.network;

    this.loadBalancer = new elb.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      internetFacing: true,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      // Not mutable: every rule stands in the network stack.
      securityGroup: ec2.SecurityGroup.fromSecurityGroupId(
        this,
        'SecurityGroup',
        securityGroups.loadBalancer.securityGroupId,
        { mutable: false },
      ),
      http2Enabled: true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elb.DesyncMitigationMode.STRICTEST,
      // Everywhere, since the HIPAA pack asks it of every environment; docs/how-to/delete-an-environment.md.
      deletionProtection: true,
    });
    this.loadBalancer.logAccessLogs(props.accessLogsBucket, 'load-balancer/access');
    this.loadBalancer.logConnectionLogs(props.accessLogsBucket, 'load-balancer/connection');

    this.blue = this.targetGroup('Blue', vpc);
    this.green = this.targetGroup('Green', vpc);

    const redirect = this.loadBalancer.addListener('Redirect', {
      port: 80,
      protocol: elb.ApplicationProtocol.HTTP,
      open: false,
      defaultAction: elb.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
    });
    accept(redirect, 'ELBv2ACMCertificateRequired', {
      reason: 'This listener only answers 301 to HTTPS; plain HTTP cannot carry a certificate.',
      owner: 'platform-engineering',
      approvedBy: 'security-officer',
      ticket: 'HIPAA-21',
      expires: '2027-10-31',
      compensatingControl: 'No target group stands behind it; a test holds its only action to the redirect.',
    });

    this.production = this.listener('Production', PUBLIC_LISTENER_PORT, props.certificate);
    this.test = this.listener('Test', TEST_LISTENER_PORT, props.certificate);
  }

  private targetGroup(id: string, vpc: ec2.IVpc): elb.ApplicationTargetGroup {
    const group = new elb.ApplicationTargetGroup(this, id, {
      vpc,
      port: container.port,
      protocol: elb.ApplicationProtocol.HTTP,
      protocolVersion: elb.ApplicationProtocolVersion.HTTP1,
      targetType: elb.TargetType.IP,
      deregistrationDelay: DEREGISTRATION_DELAY,
      healthCheck: {
        path: container.readinessPath,
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
        healthyHttpCodes: '200',
      },
    });
    accept(group, 'TemplateFlowEncrypted', {
      reason:
        'The load balancer ends TLS; the last step to the tasks stays inside private subnets of one VPC.',
      owner: 'platform-engineering',
      approvedBy: 'security-officer',
      ticket: 'HIPAA-27',
      expires: '2027-10-31',
      compensatingControl:
        'The group of the tasks admits the load balancer alone, a VPC delivers traffic to its addressee only, and flow logs record it all.',
    });
    return group;
  }

  private listener(id: string, port: number, certificate: acm.ICertificate): elb.ApplicationListener {
    return this.loadBalancer.addListener(id, {
      port,
      protocol: elb.ApplicationProtocol.HTTPS,
      open: false,
      certificates: [certificate],
      sslPolicy: elb.SslPolicy.TLS13_12_RES_PQ,
      defaultAction: elb.ListenerAction.forward([this.blue]),
    });
  }
}

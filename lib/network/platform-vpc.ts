import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { accept } from '../gate';
import type { Environment } from '../config/schema';

/** The most availability zones that the schema allows; address space for all of them is kept free. */
const MOST_ZONES = 3;

/** What the VPC is made from. */
export interface PlatformVpcProps {
  /** The environment the VPC belongs to. */
  readonly environment: Environment;
}

/**
 * The VPC: public subnets for the load balancer and NAT alone, private ones for tasks and functions, isolated
 * ones for the database. The address range is divided evenly and for three zones whatever the environment has
 * now, so that a third zone moves no subnet.
 */
export class PlatformVpc extends Construct {
  /** The VPC. */
  readonly vpc: ec2.IVpc;
  /** Id of the group that AWS makes with the VPC. */
  readonly defaultSecurityGroupId: string;

  constructor(scope: Construct, id: string, props: PlatformVpcProps) {
    super(scope, id);
    const { network, availabilityZones } = props.environment;

    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(network.cidr),
      maxAzs: MOST_ZONES,
      reservedAzs: MOST_ZONES - availabilityZones.length,
      natGateways: network.natGateways,
      restrictDefaultSecurityGroup: true,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    // Asserted, since under exactOptionalPropertyTypes the library's class lacks what its own interface allows.
    this.vpc = vpc as ec2.IVpc;
    this.defaultSecurityGroupId = vpc.vpcDefaultSecurityGroup;

    for (const subnet of this.vpc.publicSubnets)
      accept(subnet.node.findChild('DefaultRoute'), 'VPCNoUnrestrictedRouteToIGW', {
        reason: 'The public tier holds the load balancer and the NAT gateways, which need the route',
        owner: 'platform-engineering',
        approvedBy: 'security-officer',
        ticket: 'HIPAA-13',
        expires: '2027-10-31',
        compensatingControl:
          'No task or function stands there, no public address is given, WAF filters requests',
      });
  }
}

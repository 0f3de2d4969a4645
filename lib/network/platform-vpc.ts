import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';

/** The most availability zones that the schema allows; address space for all of them is kept free. */
const MOST_ZONES = 3;

/** What the VPC is made from. */
export interface PlatformVpcProps {
  /** The environment the VPC belongs to. */
  readonly environment: Environment;
  /** Encrypts the log group of the function that closes the default security group. */
  readonly logKey: kms.IKey;
}

/**
 * The VPC: public subnets for the load balancer and NAT alone, private ones for tasks and functions, isolated
 * ones for the database. The address range is divided evenly and for three zones whatever the environment has
 * now, so that a third zone moves no subnet.
 */
export class PlatformVpc extends Construct {
  /** The VPC. */
  readonly vpc: ec2.IVpc;

  constructor(scope: Construct, id: string, props: PlatformVpcProps) {
    super(scope, id);
    const { network, availabilityZones } = props.environment;

    // Asserted, since under exactOptionalPropertyTypes the library's class lacks what its own interface allows.
    this.vpc = new ec2.Vpc(this, 'Vpc', {
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
    }) as ec2.IVpc;
  }
}

import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Operations } from '../shared/operations';
import { PlatformStack, type PlatformStackProps } from '../shared/platform-stack';

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
}

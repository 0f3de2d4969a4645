import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { container } from '../../app/src/container';
import { accept } from '../gate';
import { DATABASE_PORT, PUBLIC_LISTENER_PORT, TEST_LISTENER_PORT } from '../shared/ports';
import type { SecurityGroups } from './network-stack';

const ANYWHERE = ec2.Peer.anyIpv4();

/** What the security groups are made from. */
export interface PlatformSecurityGroupsProps {
  /** The environment the groups belong to. */
  readonly environment: Environment;
  /** The VPC they belong to. */
  readonly vpc: ec2.IVpc;
}

/** Who may talk to whom: rules from group to group, each with its reason as description. */
export class PlatformSecurityGroups extends Construct implements SecurityGroups {
  /** The public load balancer. */
  readonly loadBalancer: ec2.SecurityGroup;
  /** The API's tasks. */
  readonly api: ec2.SecurityGroup;
  /** The Aurora cluster. */
  readonly database: ec2.SecurityGroup;
  /** Functions that call AWS services only. */
  readonly functions: ec2.SecurityGroup;
  /** The function that migrates the database. */
  readonly migrations: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, props: PlatformSecurityGroupsProps) {
    super(scope, id);
    const { environment, vpc } = props;
    const group = (name: string, description: string): ec2.SecurityGroup =>
      new ec2.SecurityGroup(this, name, { vpc, description, allowAllOutbound: false });

    this.loadBalancer = group('LoadBalancer', 'Public load balancer');
    this.api = group('Api', 'Tasks of the API');
    this.database = group('Database', 'Aurora cluster');
    this.functions = group('Functions', 'Functions that call AWS services only');
    this.migrations = group('Migrations', 'Function that migrates the database');

    for (const range of environment.network.publicIngress) {
      this.loadBalancer.addIngressRule(ec2.Peer.ipv4(range), ec2.Port.tcp(80), 'HTTP, redirected to HTTPS');
      this.loadBalancer.addIngressRule(ec2.Peer.ipv4(range), ec2.Port.tcp(443), 'HTTPS');
    }
    if (environment.network.publicIngress.includes('0.0.0.0/0'))
      accept(this.loadBalancer, 'TemplateNoOpenIngress', {
        reason:
          'Patients reach the public listener from wherever they are; ports 80 and 443 only, 80 redirects',
        owner: 'platform-engineering',
        approvedBy: 'security-officer',
        ticket: 'HIPAA-21',
        expires: '2027-10-31',
        compensatingControl:
          'A web application firewall stands in front, and only the tasks answer behind it',
      });
    this.loadBalancer.addIngressRule(
      ec2.Peer.ipv4(environment.network.cidr),
      ec2.Port.tcp(TEST_LISTENER_PORT),
      'Test listener, from inside the VPC only',
    );
    this.connect(this.loadBalancer, this.api, container.port, 'Requests and health checks');
    this.connect(this.functions, this.loadBalancer, TEST_LISTENER_PORT, 'Release hooks try the new version');
    this.loadBalancer.addIngressRule(
      this.functions,
      ec2.Port.tcp(PUBLIC_LISTENER_PORT),
      'Release hooks try the new version once it is public',
    );
    this.connect(this.api, this.database, DATABASE_PORT, 'PostgreSQL over TLS');
    this.connect(this.migrations, this.database, DATABASE_PORT, 'PostgreSQL over TLS');

    for (const [client, what] of [
      [this.api, 'Cognito and Chime, which have no usable endpoint; the rest by the VPC endpoints'],
      [this.functions, 'Cognito and Chime, which have no usable endpoint; the rest by the VPC endpoints'],
      [
        this.migrations,
        'CloudFormation answers and assets in S3 by its gateway endpoint, whose addresses vary',
      ],
    ] as const)
      client.addEgressRule(ANYWHERE, ec2.Port.tcp(443), what);
  }

  /** The groups whose members call AWS services. */
  get endpointClients(): readonly ec2.SecurityGroup[] {
    return [this.api, this.functions, this.migrations];
  }

  private connect(from: ec2.SecurityGroup, to: ec2.SecurityGroup, port: number, why: string): void {
    to.addIngressRule(from, ec2.Port.tcp(port), why);
    from.addEgressRule(to, ec2.Port.tcp(port), why);
  }
}

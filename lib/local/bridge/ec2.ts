import {
  AllocateAddressCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateFlowLogsCommand,
  CreateNatGatewayCommand,
  DeleteFlowLogsCommand,
  DeleteNatGatewayCommand,
  DescribeAddressesCommand,
  DescribeFlowLogsCommand,
  DescribeNatGatewaysCommand,
  EC2Client,
  type IpPermission,
  ReleaseAddressCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type ResourceType,
  type Tag,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import { z } from 'zod';
import { bridge, present, unless } from './contract';

const ec2 = new EC2Client();
const GONE = /NotFound/;
const OWNER = 'local:resource';

const tag = z.object({ Key: z.string(), Value: z.string() });
const tagged = z.object({ Tags: z.array(tag).default([]) });

/** Tags of a new resource; one of them tells a repeated call that the resource is there already. */
function tags(type: ResourceType, given: z.output<typeof tag>[], name: string): TagSpecification[] {
  return [{ ResourceType: type, Tags: [...given, { Key: OWNER, Value: name }] }];
}

function isOf(resource: { Tags?: Tag[] | undefined }, name: string): boolean {
  return resource.Tags?.some(({ Key, Value }) => Key === OWNER && Value === name) === true;
}

const address = bridge(tagged, {
  create: async ({ Tags }, { versionedName }) => {
    const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
    const made =
      Addresses.find((candidate) => isOf(candidate, versionedName)) ??
      (await ec2.send(
        new AllocateAddressCommand({
          Domain: 'vpc',
          TagSpecifications: tags('elastic-ip', Tags, versionedName),
        }),
      ));
    const publicIp = present(made.PublicIp, 'public address');
    const allocationId = present(made.AllocationId, 'allocation id');
    return { id: publicIp, attributes: { AllocationId: allocationId, PublicIp: publicIp } };
  },
  remove: async (id) =>
    unless(GONE, async () => {
      const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({ PublicIps: [id] }));
      for (const { AllocationId } of Addresses) await ec2.send(new ReleaseAddressCommand({ AllocationId }));
    }),
});

const natGateway = bridge(tagged.extend({ SubnetId: z.string(), AllocationId: z.string() }), {
  create: async ({ SubnetId, AllocationId, Tags }, { versionedName }) => {
    const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}));
    const made =
      NatGateways.find((candidate) => candidate.State !== 'deleted' && isOf(candidate, versionedName)) ??
      (
        await ec2.send(
          new CreateNatGatewayCommand({
            SubnetId,
            AllocationId,
            TagSpecifications: tags('natgateway', Tags, versionedName),
          }),
        )
      ).NatGateway;
    const id = present(made?.NatGatewayId, 'NAT gateway');
    return { id, attributes: { NatGatewayId: id } };
  },
  remove: async (id) => unless(GONE, () => ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id }))),
});

const flowLogProperties = tagged.extend({
  ResourceId: z.string(),
  ResourceType: z.enum(['VPC', 'Subnet', 'NetworkInterface']),
  TrafficType: z.enum(['ACCEPT', 'REJECT', 'ALL']).optional(),
  LogDestinationType: z.enum(['cloud-watch-logs', 's3']).optional(),
  LogDestination: z.string().optional(),
  LogGroupName: z.string().optional(),
  LogFormat: z.string().optional(),
  DeliverLogsPermissionArn: z.string().optional(),
  MaxAggregationInterval: z.number().optional(),
});

const flowLog = bridge(flowLogProperties, {
  create: async ({ ResourceId, Tags, ...rest }, { versionedName }) => {
    const { FlowLogs = [] } = await ec2.send(new DescribeFlowLogsCommand({}));
    const there = FlowLogs.find((candidate) => isOf(candidate, versionedName))?.FlowLogId;
    if (there !== undefined) return { id: there, attributes: { Id: there } };
    const { FlowLogIds, Unsuccessful } = await ec2.send(
      new CreateFlowLogsCommand({
        ...rest,
        ResourceIds: [ResourceId],
        TagSpecifications: tags('vpc-flow-log', Tags, versionedName),
      }),
    );
    const id = present(FlowLogIds?.[0], `flow log: ${Unsuccessful?.[0]?.Error?.Message ?? ''}`);
    return { id, attributes: { Id: id } };
  },
  remove: async (id) => unless(GONE, () => ec2.send(new DeleteFlowLogsCommand({ FlowLogIds: [id] }))),
});

const rule = z.object({
  GroupId: z.string(),
  IpProtocol: z.coerce.string(),
  FromPort: z.coerce.number().optional(),
  ToPort: z.coerce.number().optional(),
  CidrIp: z.string().optional(),
  CidrIpv6: z.string().optional(),
  Description: z.string().optional(),
  SourceSecurityGroupId: z.string().optional(),
  SourcePrefixListId: z.string().optional(),
  DestinationSecurityGroupId: z.string().optional(),
  DestinationPrefixListId: z.string().optional(),
});

function permission(properties: z.output<typeof rule>): IpPermission {
  const { IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6, Description } = properties;
  const group = properties.SourceSecurityGroupId ?? properties.DestinationSecurityGroupId;
  const prefixList = properties.SourcePrefixListId ?? properties.DestinationPrefixListId;
  return {
    IpProtocol,
    FromPort,
    ToPort,
    ...(group !== undefined && { UserIdGroupPairs: [{ GroupId: group, Description }] }),
    ...(CidrIp !== undefined && { IpRanges: [{ CidrIp, Description }] }),
    ...(CidrIpv6 !== undefined && { Ipv6Ranges: [{ CidrIpv6, Description }] }),
    ...(prefixList !== undefined && { PrefixListIds: [{ PrefixListId: prefixList, Description }] }),
  };
}

type RuleCall = (group: string, permissions: IpPermission[]) => Promise<unknown>;

function securityGroupRule(authorise: RuleCall, revoke: RuleCall): ReturnType<typeof bridge> {
  return bridge(rule, {
    create: async (properties, { versionedName }) => {
      await unless(/Duplicate/, () => authorise(properties.GroupId, [permission(properties)]));
      return { id: versionedName, attributes: { Id: versionedName } };
    },
    remove: async (_id, properties) =>
      unless(GONE, () => revoke(properties.GroupId, [permission(properties)])),
  });
}

const ingress = securityGroupRule(
  (GroupId, IpPermissions) => ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions })),
  (GroupId, IpPermissions) => ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions })),
);

const egress = securityGroupRule(
  (GroupId, IpPermissions) => ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions })),
  (GroupId, IpPermissions) => ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions })),
);

/** EC2's types. */
export const bridges = {
  'AWS::EC2::EIP': address,
  'AWS::EC2::NatGateway': natGateway,
  'AWS::EC2::FlowLog': flowLog,
  'AWS::EC2::SecurityGroupIngress': ingress,
  'AWS::EC2::SecurityGroupEgress': egress,
};

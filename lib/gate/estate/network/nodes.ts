import { at, isTrue, list } from '../../template-rules/values';
import type { Entity, Estate } from '../estate';
import { UNKNOWN } from '../resolve';
import { textOr } from '../text';

/** Something with an address in the network. */
export interface Node {
  /** The resource. */
  readonly entity: Entity;
  /** Whether it passes traffic on, runs a program, or keeps data. */
  readonly role: 'balancer' | 'program' | 'store';
  /** Its security groups. */
  readonly groups: readonly string[];
  /** Whether it may have an address that the internet routes to. */
  readonly exposed: boolean;
}

const texts = (value: unknown): string[] =>
  list(value).map((one) => (typeof one === 'string' ? one : UNKNOWN));

/** Subnets with a route to an internet gateway; one of another template may have it. */
function isPublic(estate: Estate, subnets: readonly string[]): boolean {
  return subnets.some((name) => {
    const subnet = estate.meant(name);
    if (subnet?.type !== 'AWS::EC2::Subnet') return true;
    const tables = estate
      .ofType('AWS::EC2::SubnetRouteTableAssociation')
      .filter(({ properties }) => estate.meant(properties['SubnetId']) === subnet)
      .map(({ properties }) => estate.meant(properties['RouteTableId']));
    return estate
      .ofType('AWS::EC2::Route')
      .some(
        ({ properties }) =>
          tables.includes(estate.meant(properties['RouteTableId'])) &&
          leadsOut(estate, properties['GatewayId']),
      );
  });
}

function leadsOut(estate: Estate, gateway: unknown): boolean {
  if (gateway === undefined) return false;
  const meant = estate.meant(gateway);
  return meant ? meant.type === 'AWS::EC2::InternetGateway' : !textOr(gateway, '').startsWith('vgw-');
}

/** Whether something in the subnets that asks for a public address, or does not say, may be reached from outside. */
function mayBePublic(estate: Estate, asked: unknown, subnets: readonly string[]): boolean {
  return asked !== false && asked !== 'false' && asked !== 'DISABLED' && isPublic(estate, subnets);
}

function subnetsOfGroup(estate: Estate, name: unknown): string[] {
  const group = estate.meant(name);
  return group ? texts(group.properties['SubnetIds']) : [UNKNOWN];
}

function database(estate: Estate, entity: Entity): Node {
  const members =
    entity.type === 'AWS::RDS::DBCluster'
      ? estate
          .ofType('AWS::RDS::DBInstance')
          .filter(({ properties }) => estate.meant(properties['DBClusterIdentifier']) === entity)
      : [entity];
  const subnets = subnetsOfGroup(estate, entity.properties['DBSubnetGroupName']);
  return {
    entity,
    role: 'store',
    groups: texts(entity.properties['VpcSecurityGroupIds'] ?? entity.properties['VPCSecurityGroups']),
    exposed: members.some(({ properties }) => mayBePublic(estate, properties['PubliclyAccessible'], subnets)),
  };
}

type Maker = (estate: Estate, entity: Entity) => Node | undefined;

const program =
  (groups: (entity: Entity) => unknown, exposed: (estate: Estate, entity: Entity) => boolean): Maker =>
  (estate, entity) => ({
    entity,
    role: 'program',
    groups: texts(groups(entity)),
    exposed: exposed(estate, entity),
  });
const inside =
  (...names: readonly string[]): Maker =>
  (_estate, entity) => ({
    entity,
    role: 'store',
    groups: names.flatMap((name) => texts(entity.properties[name])),
    exposed: false,
  });

const NODES: Readonly<Record<string, Maker>> = {
  'AWS::RDS::DBCluster': database,
  'AWS::RDS::DBInstance': (estate, entity) =>
    entity.properties['DBClusterIdentifier'] === undefined ? database(estate, entity) : undefined,
  'AWS::DocDB::DBCluster': inside('VpcSecurityGroupIds'),
  'AWS::Neptune::DBCluster': inside('VpcSecurityGroupIds'),
  'AWS::ElastiCache::ReplicationGroup': inside('SecurityGroupIds'),
  'AWS::ElastiCache::CacheCluster': inside('VpcSecurityGroupIds'),
  'AWS::ElastiCache::ServerlessCache': inside('SecurityGroupIds'),
  'AWS::EFS::MountTarget': inside('SecurityGroups'),
  'AWS::Redshift::Cluster': (estate, entity) => ({
    entity,
    role: 'store',
    groups: texts(entity.properties['VpcSecurityGroupIds']),
    exposed: mayBePublic(
      estate,
      entity.properties['PubliclyAccessible'],
      subnetsOfGroup(estate, entity.properties['ClusterSubnetGroupName']),
    ),
  }),
  'AWS::OpenSearchService::Domain': (_estate, entity) => {
    const groups = at(entity.properties['VPCOptions'], 'SecurityGroupIds');
    return groups === undefined
      ? undefined
      : { entity, role: 'store', groups: texts(groups), exposed: false };
  },
  'AWS::ECS::Service': program(
    ({ properties }) => at(properties['NetworkConfiguration'], 'AwsvpcConfiguration', 'SecurityGroups'),
    (estate, { properties }) => {
      const settings = at(properties['NetworkConfiguration'], 'AwsvpcConfiguration');
      return at(settings, 'AssignPublicIp') === 'ENABLED' && isPublic(estate, texts(at(settings, 'Subnets')));
    },
  ),
  'AWS::Lambda::Function': program(
    ({ properties }) => at(properties['VpcConfig'], 'SecurityGroupIds'),
    () => false,
  ),
  'AWS::EC2::Instance': program(
    ({ properties }) =>
      properties['SecurityGroupIds'] ??
      list(properties['NetworkInterfaces']).flatMap((one) => list(at(one, 'GroupSet'))),
    (estate, { properties }) => {
      const interfaces = list(properties['NetworkInterfaces']);
      const asked = interfaces.some((one) => isTrue(at(one, 'AssociatePublicIpAddress')));
      const subnets = texts(properties['SubnetId'] ?? interfaces.map((one) => at(one, 'SubnetId')));
      const mapped = subnets.some(
        (name) => !estate.meant(name) || isTrue(estate.meant(name)?.properties['MapPublicIpOnLaunch']),
      );
      const given = estate
        .ofType('AWS::EC2::EIP', 'AWS::EC2::EIPAssociation')
        .some(({ properties: eip }) => eip['InstanceId'] !== undefined);
      return (asked || mapped || given) && isPublic(estate, subnets);
    },
  ),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (_estate, entity) => ({
    entity,
    role: 'balancer',
    groups: texts(entity.properties['SecurityGroups']),
    exposed: entity.properties['Scheme'] !== 'internal',
  }),
  'AWS::ElasticLoadBalancing::LoadBalancer': (_estate, entity) => ({
    entity,
    role: 'balancer',
    groups: texts(entity.properties['SecurityGroups']),
    exposed: entity.properties['Scheme'] !== 'internal',
  }),
};

/** Everything that has an address in the environment's networks. */
export function nodesOf(estate: Estate): Node[] {
  return estate.ofType(...Object.keys(NODES)).flatMap((entity) => {
    const node = NODES[entity.type]?.(estate, entity);
    return node ? [node] : [];
  });
}

import { at, list } from '../../template-rules/values';
import type { Entity, Estate } from '../estate';
import { once } from '../once';
import { UNKNOWN } from '../resolve';
import { SecurityGroups } from './groups';
import { type Node, nodesOf } from './nodes';
import { textOr } from '../text';

/** A way from the internet to something in the network. */
export interface Path {
  /** Where it ends. */
  readonly to: Node;
  /** Each step in words, from the internet on. */
  readonly steps: readonly string[];
}

/** The ways that lead into an environment's networks. */
export interface Paths {
  /** Ways to stores that no program of ours, behind an application load balancer, stands in. */
  readonly toStores: readonly Path[];
  /** Programs that an application load balancer passes requests to: where people come in. */
  readonly application: readonly Path[];
  /** What the network consists of. */
  readonly nodes: readonly Node[];
  /** The groups, for whoever asks about ports. */
  readonly groups: SecurityGroups;
}

function port([from, to]: readonly [number, number]): string {
  if (from === to) return `port ${from}`;
  return from === 0 && to === 65_535 ? 'any port' : `ports ${from}-${to}`;
}

function isApplication({ entity }: Node): boolean {
  const { type, properties } = entity;
  return (
    type === 'AWS::ElasticLoadBalancingV2::LoadBalancer' &&
    (properties['Type'] ?? 'application') === 'application'
  );
}

/** What a listener's actions pass requests to: target groups; undefined where they answer by themselves. */
function forwards(properties: Entity['properties']): unknown[] {
  return [...list(properties['DefaultActions']), ...list(properties['Actions'])].flatMap((action) => [
    ...list(at(action, 'TargetGroupArn')),
    ...list(at(action, 'ForwardConfig', 'TargetGroups')).map((one) => at(one, 'TargetGroupArn')),
  ]);
}

/** The target groups behind a load balancer, by all of its listeners and their rules. */
function targetsOf(estate: Estate, balancer: Entity): unknown[] {
  const listeners = estate
    .ofType('AWS::ElasticLoadBalancingV2::Listener')
    .filter(({ properties }) => estate.meant(properties['LoadBalancerArn']) === balancer);
  const rules = estate
    .ofType('AWS::ElasticLoadBalancingV2::ListenerRule')
    .filter(({ properties }) => listeners.some((one) => one === estate.meant(properties['ListenerArn'])));
  return [...listeners, ...rules].flatMap(({ properties }) => forwards(properties));
}

/** The resources that are registered behind a target group; undefined where others may be registered too. */
function registered(estate: Estate, name: unknown): readonly Entity[] | undefined {
  const group = estate.meant(name);
  if (!group) return undefined;
  const targets = list(group.properties['Targets']).map((target) => estate.meant(at(target, 'Id')));
  const services = estate
    .ofType('AWS::ECS::Service')
    .filter(({ properties }) =>
      list(properties['LoadBalancers']).some((one) => estate.meant(at(one, 'TargetGroupArn')) === group),
    );
  const all = [...services, ...targets];
  return all.length === 0 || all.includes(undefined) ? undefined : all.filter((one) => one !== undefined);
}

/** Functions and APIs that anybody may call without saying who they are. */
function openFunctions(estate: Estate): Map<Entity, string> {
  const open = new Map<Entity, string>();
  for (const { properties, logicalId } of estate.ofType('AWS::Lambda::Url')) {
    const target = estate.meant(properties['TargetFunctionArn']);
    if (target && properties['AuthType'] !== 'AWS_IAM')
      open.set(target, `its URL ${logicalId}, without a sign-in`);
  }
  const methods = estate.ofType('AWS::ApiGateway::Method').map(({ properties }) => ({
    open: (properties['AuthorizationType'] ?? 'NONE') === 'NONE',
    target: JSON.stringify(properties['Integration'] ?? ''),
  }));
  const routes = estate.ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => {
    const target = textOr(properties['Target'], '').replace(/^integrations\//, '');
    return {
      open: (properties['AuthorizationType'] ?? 'NONE') === 'NONE',
      target: JSON.stringify(estate.meant(target)?.properties ?? target),
    };
  });
  for (const fn of estate.ofType('AWS::Lambda::Function'))
    if ([...methods, ...routes].some(({ open: free, target }) => free && target.includes(fn.token)))
      open.set(fn, 'a route of API Gateway, without a sign-in');
  return open;
}

/** Load balancers inside that CloudFront or API Gateway lead to from the internet. */
function ledTo(estate: Estate): Map<Entity, string> {
  const led = new Map<Entity, string>();
  const note = (value: unknown, by: string): void => {
    const entity = estate.meant(value);
    if (entity) led.set(entity, by);
  };
  for (const { properties } of estate.ofType('AWS::CloudFront::VpcOrigin'))
    note(at(properties['VpcOriginEndpointConfig'], 'Arn'), 'CloudFront');
  for (const { properties } of estate.ofType('AWS::ApiGateway::VpcLink'))
    for (const arn of list(properties['TargetArns'])) note(arn, 'API Gateway');
  for (const { properties } of estate.ofType('AWS::ApiGatewayV2::Integration')) {
    if (properties['ConnectionType'] !== 'VPC_LINK') continue;
    const listener = estate.meant(properties['IntegrationUri']);
    note(listener?.properties['LoadBalancerArn'], 'API Gateway');
  }
  return led;
}

/** How the internet comes to a node at once; undefined where it does not. */
function entrance(node: Node, groups: SecurityGroups, led: Map<Entity, string>): string | undefined {
  const by = led.get(node.entity);
  if (by !== undefined) return `${by} → ${node.entity.path}`;
  if (!node.exposed) return undefined;
  const [open] = node.groups.length === 0 ? [[0, 65_535] as const] : groups.fromInternet(node.groups);
  if (!open || (node.groups.length === 0 && node.role !== 'balancer')) return undefined;
  return `${node.entity.path} on ${port(open)}`;
}

/** Every way from the internet into the networks of an environment; what is not known is taken to be open. */
export const pathsOf = once((estate: Estate): Paths => {
  const groups = new SecurityGroups(estate);
  const nodes = nodesOf(estate);
  const led = ledTo(estate);
  const functions = openFunctions(estate);
  const reached = new Map<Node, readonly string[]>();
  const application: Path[] = [];
  const queue: Node[] = [];
  const reach = (node: Node, steps: readonly string[]): void => {
    if (reached.has(node)) return;
    reached.set(node, steps);
    queue.push(node);
  };
  for (const node of nodes) {
    const step = entrance(node, groups, led);
    const free = functions.get(node.entity);
    if (step !== undefined) reach(node, ['the internet', step]);
    else if (free !== undefined) reach(node, ['the internet', free, node.entity.path]);
  }
  for (let from = queue.shift(); from; from = queue.shift()) {
    const steps = reached.get(from) ?? [];
    for (const to of nodes) {
      if (to === from || to.groups.length === 0 || reached.has(to)) continue;
      // A program that somebody broke into reaches stores; it does not make other programs obey it.
      if (from.role === 'program' && to.role !== 'store') continue;
      if (from.role === 'store') continue;
      if (from.role === 'balancer' && !passesOn(estate, from, to)) continue;
      const [open] = groups.between(from.groups, to.groups);
      if (!open) continue;
      const further = [...steps, `${to.entity.path} on ${port(open)}`];
      // Behind an application load balancer a program decides who may see what: that is where people come in.
      if (to.role === 'program' && isApplication(from)) application.push({ to, steps: further });
      else reach(to, further);
    }
  }
  return {
    toStores: [...reached].filter(([{ role }]) => role === 'store').map(([to, steps]) => ({ to, steps })),
    application,
    nodes,
    groups,
  };
});

/** Whether a load balancer may pass connections on to the node. */
function passesOn(estate: Estate, { entity }: Node, to: Node): boolean {
  if (entity.type === 'AWS::ElasticLoadBalancing::LoadBalancer') return true;
  return targetsOf(estate, entity).some((target) => {
    const members = registered(estate, target);
    return target === UNKNOWN || members === undefined || members.includes(to.entity);
  });
}

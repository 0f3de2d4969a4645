import { isEverybodys } from '../../../shared/ranges';
import { at, list } from '../../template-rules/values';
import type { Entity, Estate } from '../estate';
import { UNKNOWN } from '../resolve';
import { textOr } from '../text';

/** What one rule of a security group lets through. */
interface Opening {
  /** A range, a group, or what is not known. */
  readonly peer: { readonly range: string } | { readonly group: string } | 'unknown';
  /** First and last port. */
  readonly ports: readonly [from: number, to: number];
}

const EVERY_PORT: readonly [number, number] = [0, 65_535];

function openingOf(rule: unknown, groupKey: string): Opening[] {
  const protocol = textOr(at(rule, 'IpProtocol'), '-1');
  if (!['-1', 'tcp', '6', UNKNOWN].includes(protocol)) return [];
  const [from, to] = [at(rule, 'FromPort'), at(rule, 'ToPort')];
  const ports: readonly [number, number] =
    protocol === '-1' || typeof from !== 'number' || typeof to !== 'number' ? EVERY_PORT : [from, to];
  const [range, group] = [at(rule, 'CidrIp') ?? at(rule, 'CidrIpv6'), at(rule, groupKey)];
  if (typeof range === 'string' && range !== UNKNOWN) return [{ peer: { range }, ports }];
  if (typeof group === 'string' && group !== UNKNOWN) return [{ peer: { group }, ports }];
  return [{ peer: 'unknown', ports }];
}

const PRIVATE =
  /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe80|255\.255\.255\.255)/i;

/** Whether a range has addresses of the internet in it; one that is made at deployment is the VPC's own. */
function isInternet(range: string): boolean {
  return isEverybodys(range) || (!range.startsWith('«') && !PRIVATE.test(range));
}

/** The security groups of an environment, and what they let through. */
export class SecurityGroups {
  private readonly inbound = new Map<Entity, Opening[]>();
  private readonly outbound = new Map<Entity, Opening[]>();

  constructor(private readonly estate: Estate) {
    for (const group of estate.ofType('AWS::EC2::SecurityGroup')) {
      const { SecurityGroupIngress: ingress, SecurityGroupEgress: egress } = group.properties;
      this.inbound.set(
        group,
        list(ingress).flatMap((rule) => openingOf(rule, 'SourceSecurityGroupId')),
      );
      if (egress !== undefined)
        this.outbound.set(
          group,
          list(egress).flatMap((rule) => openingOf(rule, 'DestinationSecurityGroupId')),
        );
    }
    this.addSeparate('AWS::EC2::SecurityGroupIngress', this.inbound, 'SourceSecurityGroupId');
    this.addSeparate('AWS::EC2::SecurityGroupEgress', this.outbound, 'DestinationSecurityGroupId');
  }

  private addSeparate(type: string, into: Map<Entity, Opening[]>, groupKey: string): void {
    for (const { properties } of this.estate.ofType(type)) {
      const group = this.estate.meant(properties['GroupId']);
      if (group) into.set(group, [...(into.get(group) ?? []), ...openingOf(properties, groupKey)]);
    }
  }

  private openings(groups: readonly string[], map: Map<Entity, Opening[]>): Opening[] {
    return groups.flatMap((name) => {
      const group = this.estate.meant(name);
      // A group of another template may let everything through.
      if (!group) return [{ peer: 'unknown' as const, ports: EVERY_PORT }];
      return (
        map.get(group) ?? (map === this.outbound ? [{ peer: { range: '0.0.0.0/0' }, ports: EVERY_PORT }] : [])
      );
    });
  }

  /** The ports that members of the groups take connections of the internet on. */
  fromInternet(groups: readonly string[]): (readonly [number, number])[] {
    return this.openings(groups, this.inbound)
      .filter(({ peer }) => peer === 'unknown' || ('range' in peer && isInternet(peer.range)))
      .map(({ ports }) => ports);
  }

  /** The ports on which members of one set of groups reach members of another; a set without groups filters nothing. */
  between(from: readonly string[], to: readonly string[]): (readonly [number, number])[] {
    const admits = (peer: Opening['peer'], others: readonly string[]): boolean =>
      peer === 'unknown' ||
      'range' in peer ||
      others.length === 0 ||
      others.some((name) => name === peer.group || this.same(name, peer.group));
    const inbound = this.openings(to, this.inbound).filter(({ peer }) => admits(peer, from));
    if (from.length === 0) return inbound.map(({ ports }) => ports);
    const outbound = this.openings(from, this.outbound).filter(({ peer }) => admits(peer, to));
    return inbound.flatMap(({ ports: [low, high] }) =>
      outbound.flatMap(({ ports: [first, last] }): (readonly [number, number])[] => {
        const [start, end] = [Math.max(low, first), Math.min(high, last)];
        return start <= end ? [[start, end]] : [];
      }),
    );
  }

  /** Whether members of the groups can open a connection to the port of anybody. */
  mayOpen(groups: readonly string[], port: number): boolean {
    return this.openings(groups, this.outbound).some(
      ({ peer, ports: [low, high] }) =>
        (peer === 'unknown' || 'range' in peer) && low <= port && port <= high,
    );
  }

  private same(name: string, other: string): boolean {
    const [group, peer] = [this.estate.meant(name), this.estate.meant(other)];
    return group !== undefined && group === peer;
  }
}

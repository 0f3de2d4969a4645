import { isEverybodys, isRange } from '../../shared/ranges';
import type { Resources, TemplateResource } from './model';
import { choices, isAbsent, isObject, referent, show } from './values';

/** Whom a rule of a security group lets in or out. */
export interface Peer {
  /** What names them. */
  readonly by: 'range' | 'list' | 'group' | 'unread';
  /** In words. */
  readonly name: string;
  /** As the template has it. */
  readonly value?: unknown;
}

const PROPERTIES: Readonly<Record<string, Peer['by']>> = {
  CidrIp: 'range',
  CidrIpv6: 'range',
  SourceSecurityGroupId: 'group',
  DestinationSecurityGroupId: 'group',
  SourcePrefixListId: 'list',
  DestinationPrefixListId: 'list',
  SourceSecurityGroupName: 'group',
};
/** What has a range of its own, which its attributes tell. */
const NETWORKS: readonly unknown[] = ['AWS::EC2::Subnet', 'AWS::EC2::VPC'];

/** Everybody whom a rule may be for, whichever branch of a choice the deployment takes. */
export function peersOf(rule: Readonly<Record<string, unknown>>): readonly Peer[] {
  const peers = Object.entries(PROPERTIES).flatMap(([property, by]) =>
    choices(rule[property])
      .filter((value) => !isAbsent(value))
      .map((value) => ({ by, name: show(value), value })),
  );
  return peers.length === 0 ? [{ by: 'unread', name: show(rule) }] : peers;
}

/** Whether a peer may be anybody: a range that is everybody's, or what no template here tells to be less. */
export function isAnybody({ by, name, value }: Peer, resources: Resources): boolean {
  if (by === 'group') return false;
  const referred = resources[referent(value) ?? ''];
  if (by === 'range' && isRange(name)) return isEverybodys(name);
  if (by === 'range') return !NETWORKS.includes(referred?.Type);
  const listed = referred ? rangesOf(referred) : [];
  return listed.length === 0 || listed.some((range) => !isRange(range) || isEverybodys(range));
}

/** The ranges of a prefix list; what only the deployment tells by what it is told by. */
export function rangesOf({ Type, Properties = {} }: TemplateResource): readonly string[] {
  if (Type !== 'AWS::EC2::PrefixList') return [];
  return choices(Properties.Entries)
    .flatMap((entry) => (isObject(entry) && 'Cidr' in entry ? choices(entry.Cidr) : [entry]))
    .filter((range) => !isAbsent(range))
    .map(show);
}

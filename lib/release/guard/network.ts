import type { ChangeSet, Found, Resources, TemplateResource } from './model';
import { isAnybody, type Peer, peersOf, rangesOf } from './peers';
import { choices, isObject, listOf, referencesIn, show } from './values';

interface Rule {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly peer: Peer;
}

const GROUP = 'AWS::EC2::SecurityGroup';
const SINGLE: Readonly<Record<string, Rule['direction']>> = {
  'AWS::EC2::SecurityGroupIngress': 'ingress',
  'AWS::EC2::SecurityGroupEgress': 'egress',
};
/** Properties that name the groups which a resource is a member of. */
const MEMBERSHIP = /^(?:(?:Vpc|VPC)?SecurityGroup(?:Id)?s|GroupSet)$/;
/** Written for what takes every port. */
const ALL_PORTS = { from: 0, to: 65_535 } as const;

/**
 * Ways through security groups that a change set opens. The rules of a new group count only when they may let anybody in: it
 * has no members yet but those that come with it, and what is there and joins a group is told for itself. A list of ranges
 * is part of each rule that names it.
 */
export function networkChanges({ changes, before, after }: ChangeSet): readonly Found[] {
  return changes.flatMap(({ id, action }) => {
    const is = after[id];
    if (action === 'Remove' || !is) return [];
    const rules = rulesOf(is);
    const known = before[id] ? rulesOf(before[id]) : [];
    const opened = rules.filter((rule) => !known.some((one) => covers(one, rule)));
    const joined = before[id] ? groupsIn(is.Properties).filter(notIn(groupsIn(before[id].Properties))) : [];
    const counted =
      before[id] || belongsToExisting(is, before)
        ? opened
        : opened.filter((rule) => fromAnywhere(rule, after));
    const listed = before[id] ? rangesOf(is).filter(notIn(rangesOf(before[id]))) : [];
    return [
      ...counted.map((rule) => found(id, `open ${ruleWords(rule)}`, `It would open ${ruleWords(rule)}.`)),
      ...joined.map((group) => found(id, `join ${group}`, `It would join the security group ${group}.`)),
      ...listed.map((range) => found(id, `list ${range}`, `It would open to ${range} what names the list.`)),
    ];
  });
}

function found(id: string, change: string, words: string): Found {
  return { kind: 'network', id, change, words };
}

/** The security groups that a resource is a member of, wherever its properties name them. */
function groupsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(groupsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    MEMBERSHIP.test(name) ? listOf(inner).map(show) : groupsIn(inner),
  );
}

function notIn(known: readonly string[]): (group: string) => boolean {
  return (group) => !known.includes(group);
}

function rulesOf({ Type, Properties = {} }: TemplateResource): readonly Rule[] {
  const direction = SINGLE[Type];
  if (direction) return rulesFor(direction, Properties);
  if (Type !== GROUP) return [];
  const { SecurityGroupIngress, SecurityGroupEgress } = Properties;
  return [
    ...choices(SecurityGroupIngress)
      .filter(isObject)
      .flatMap((rule) => rulesFor('ingress', rule)),
    ...choices(SecurityGroupEgress)
      .filter(isObject)
      .flatMap((rule) => rulesFor('egress', rule)),
  ];
}

function rulesFor(direction: Rule['direction'], rule: Readonly<Record<string, unknown>>): readonly Rule[] {
  const protocol = show(rule.IpProtocol);
  const { FromPort, ToPort } = rule;
  const ports =
    protocol === '-1' || FromPort === undefined || Number(FromPort) === -1
      ? ALL_PORTS
      : { from: Number(FromPort), to: Number(ToPort ?? FromPort) };
  return peersOf(rule).map((peer) => ({ direction, protocol, ...ports, peer }));
}

function covers(wide: Rule, narrow: Rule): boolean {
  return (
    wide.direction === narrow.direction &&
    (wide.protocol === '-1' || wide.protocol === narrow.protocol) &&
    wide.from <= narrow.from &&
    wide.to >= narrow.to &&
    (wide.peer.name === narrow.peer.name ||
      (wide.peer.name === '0.0.0.0/0' && /^[\d.]+\/\d+$/.test(narrow.peer.name)))
  );
}

function belongsToExisting({ Type, Properties }: TemplateResource, before: Resources): boolean {
  if (!SINGLE[Type]) return false;
  const group = Properties?.GroupId;
  const references = [...referencesIn(group)];
  // An id that is no reference within the template belongs to a group of somewhere else.
  return references.length === 0 || references.some((id) => before[id]);
}

function fromAnywhere({ direction, peer }: Rule, resources: Resources): boolean {
  return direction === 'ingress' && isAnybody(peer, resources);
}

function ruleWords({ direction, protocol, from, to, peer }: Rule): string {
  const ports = from === 0 && to === 65_535 ? 'all ports' : from === to ? String(from) : `${from}-${to}`;
  const name = protocol === '-1' ? 'every protocol' : protocol;
  return `${direction} ${name} ${ports} ${direction === 'ingress' ? 'from' : 'to'} ${peer.name}`;
}

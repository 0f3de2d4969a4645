import { choices, show } from '../../release/guard/values';
import { isPrivateRange, isRange } from '../../shared/ranges';
import { ACCESS } from './controls';
import { expectThat, type Subject, type TemplateRule, type Verdict } from './rule';
import { at } from './values';

/** Ports of what keeps data: SQL Server, Oracle, NFS, MySQL, PostgreSQL, Redshift, Redis, Neptune, Cassandra, OpenSearch, Memcached, MongoDB. */
const DATA_PORTS = [1433, 1521, 2049, 3306, 5432, 5439, 6379, 8182, 9042, 9200, 11211, 27017];
/** Protocols without ports: ICMP, and that of IPv6. */
const PORTLESS: readonly unknown[] = ['icmp', 'icmpv6', '1', '58', 1, 58];

/** Whether a rule opens a port of what keeps data; one that does not say its ports opens all. */
function opensData(rule: unknown): boolean {
  if (PORTLESS.includes(at(rule, 'IpProtocol'))) return false;
  if (String(at(rule, 'IpProtocol')) === '-1') return true;
  const [from, to] = [Number(at(rule, 'FromPort')), Number(at(rule, 'ToPort'))];
  return DATA_PORTS.some((port) => !(port < from) && !(port > to));
}

function dataKeptPrivate({ resource, properties }: Subject): Verdict {
  const rules =
    resource.Type === 'AWS::EC2::SecurityGroup' ? choices(properties['SecurityGroupIngress']) : [properties];
  const open = rules.filter(opensData).find((rule) =>
    [at(rule, 'CidrIp'), at(rule, 'CidrIpv6')]
      .flatMap(choices)
      .map(show)
      .some((range) => isRange(range) && !isPrivateRange(range)),
  );
  return expectThat(open === undefined, 'SecurityGroupIngress', open, 'a private range or a group');
}

/** The rule over the ports of what keeps data. */
export const portRules: readonly TemplateRule[] = [
  {
    id: 'TemplateDataPortsPrivate',
    controls: [...ACCESS, '164.312(e)(1)'],
    rationale:
      'A range of public addresses is somebody else’s today or tomorrow, and a database is asked from inside alone.',
    mend: 'let in the security group of what asks, or a private range',
    types: ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress'],
    check: dataKeptPrivate,
  },
];

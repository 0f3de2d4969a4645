import { expectThat, type Subject, type TemplateRule, type Verdict } from './rule';
import { at, list } from './values';

const TRANSIT = ['164.312(e)(1)', '164.312(e)(2)(i)', '164.312(e)(2)(ii)'];

/** TLS 1.3 with a floor of 1.2, or higher. Source: Elastic Load Balancing, security policies for application load balancers. */
const MODERN_TLS = /^ELBSecurityPolicy-TLS13-1-[23](-|$)/;

function closedToTheInternet({ resource, properties }: Subject): Verdict {
  const rules =
    resource.Type === 'AWS::EC2::SecurityGroup' ? list(properties['SecurityGroupIngress']) : [properties];
  const open = rules.find((rule) => at(rule, 'CidrIp') === '0.0.0.0/0' || at(rule, 'CidrIpv6') === '::/0');
  return expectThat(open === undefined, 'SecurityGroupIngress', open, 'a range or a group that is known');
}

/** An action list that only redirects to HTTPS. */
function redirectsToHttps({ properties }: Subject): boolean {
  const actions = list(properties['DefaultActions']);
  return (
    actions.length > 0 &&
    actions.every(
      (action) => at(action, 'Type') === 'redirect' && at(action, 'RedirectConfig', 'Protocol') === 'HTTPS',
    )
  );
}

function speaksModernTls(subject: Subject): Verdict {
  const { Protocol: protocol, SslPolicy: policy } = subject.properties;
  if (protocol === 'HTTP')
    return expectThat(
      redirectsToHttps(subject),
      'Properties.Protocol',
      protocol,
      'HTTPS, or a redirect to it',
    );
  const holds = typeof policy === 'string' && MODERN_TLS.test(policy);
  return expectThat(holds, 'Properties.SslPolicy', policy, 'ELBSecurityPolicy-TLS13-1-2-... or higher');
}

/** Rules over what can be reached, and how. */
export const networkRules: readonly TemplateRule[] = [
  {
    id: 'TemplateNoOpenIngress',
    controls: ['164.308(a)(3)(i)', '164.308(a)(4)(ii)(A)', '164.312(a)(1)', '164.312(e)(1)'],
    rationale: 'What the whole internet may reach is attacked within minutes.',
    mend: "name a security group or a range; the public listener's group is accepted, in writing",
    types: ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress'],
    check: closedToTheInternet,
  },
  {
    id: 'TemplateNoPublicSubnetAddress',
    controls: ['164.308(a)(3)(i)', '164.312(a)(1)', '164.312(e)(1)'],
    rationale: 'Whatever is started in the subnet would have a public address.',
    mend: 'set mapPublicIpOnLaunch: false',
    types: ['AWS::EC2::Subnet'],
    check: ({ properties: { MapPublicIpOnLaunch: maps } }) =>
      expectThat(maps !== true && maps !== 'true', 'Properties.MapPublicIpOnLaunch', maps, 'false'),
  },
  {
    id: 'TemplateListenerTls',
    controls: TRANSIT,
    rationale: 'Old TLS versions can be read by who listens.',
    mend: 'set sslPolicy: SslPolicy.TLS13_RES or stronger; redirect plain HTTP',
    types: ['AWS::ElasticLoadBalancingV2::Listener'],
    check: speaksModernTls,
  },
];

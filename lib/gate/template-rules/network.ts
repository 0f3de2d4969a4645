import { choices, show } from '../../release/guard/values';
import { isEverybodys } from '../../shared/ranges';
import { expectThat, type Subject, type TemplateRule, type Verdict } from './rule';
import { at, list, siblingsOf, target } from './values';

const TRANSIT = ['164.312(e)(1)', '164.312(e)(2)(i)', '164.312(e)(2)(ii)'];

/** TLS 1.3 with a floor of 1.2, or higher. Source: Elastic Load Balancing, security policies for application load balancers. */
const MODERN_TLS = /^ELBSecurityPolicy-TLS13-1-[23](-|$)/;

function closedToTheInternet({ resource, properties }: Subject): Verdict {
  const rules =
    resource.Type === 'AWS::EC2::SecurityGroup' ? choices(properties['SecurityGroupIngress']) : [properties];
  const open = rules.find((rule) =>
    [at(rule, 'CidrIp'), at(rule, 'CidrIpv6')].flatMap(choices).map(show).some(isEverybodys),
  );
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
  {
    id: 'TemplateTargetGroupHealth',
    controls: ['164.308(a)(7)(i)', '164.312(b)'],
    rationale: 'A target that is not asked how it is gets requests that it cannot answer.',
    mend: 'leave healthCheck.enabled on, with a path',
    types: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
    check: ({ properties }: Subject): Verdict => {
      const { HealthCheckEnabled: enabled, HealthCheckPath: path, Protocol: protocol } = properties;
      const asked = path !== undefined || !String(protocol).startsWith('HTTP');
      return expectThat(
        enabled !== false && asked,
        'Properties.HealthCheckPath',
        path,
        'a path, and enabled',
      );
    },
  },
  {
    id: 'TemplateEndpointPolicy',
    controls: ['164.308(a)(4)(ii)(A)', '164.312(a)(1)', '164.312(e)(1)'],
    rationale: 'Without a policy an endpoint carries data to any account, past every other control.',
    mend: 'call addToPolicy() with what the environment uses',
    types: ['AWS::EC2::VPCEndpoint'],
    check: ({ properties: { PolicyDocument: document } }) =>
      expectThat(document !== undefined, 'Properties.PolicyDocument', document, 'a policy'),
  },
  {
    id: 'TemplateVpcDefaultGroupClosed',
    controls: ['164.308(a)(3)(i)', '164.308(a)(4)(ii)(A)', '164.312(a)(1)', '164.312(e)(1)'],
    rationale: 'What names no security group gets the default one, in which all may reach all.',
    mend: 'set restrictDefaultSecurityGroup: true on the VPC',
    types: ['AWS::EC2::VPC'],
    check: (subject: Subject): Verdict => {
      const closers = siblingsOf(subject, 'Custom::VpcRestrictDefaultSG');
      const own = closers.some(
        ({ Properties }) => target(Properties?.['DefaultSecurityGroupId']) === subject.logicalId,
      );
      return expectThat(own, 'Custom::VpcRestrictDefaultSG', closers.length, 'one for this VPC');
    },
  },
];

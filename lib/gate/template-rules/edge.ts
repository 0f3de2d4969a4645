import { expectThat, failure, type Subject, type TemplateRule, type Verdict } from './rule';
import { at, list } from './values';

const TRANSIT = ['164.312(e)(1)', '164.312(e)(2)(i)', '164.312(e)(2)(ii)'];
const ACCESS = ['164.308(a)(3)(i)', '164.308(a)(4)(ii)(A)', '164.312(a)(1)'];

/** TLS 1.2 or higher. Source: CloudFront, supported protocols and ciphers between viewers and CloudFront. */
const MODERN_CLOUDFRONT = /^TLSv1\.(2_20(19|21|25)|3_)/;

function viewersUseTls({ properties }: Subject): Verdict {
  const config = properties['DistributionConfig'];
  const lowest = at(config, 'ViewerCertificate', 'MinimumProtocolVersion');
  if (typeof lowest !== 'string' || !MODERN_CLOUDFRONT.test(lowest))
    return failure('DistributionConfig.ViewerCertificate.MinimumProtocolVersion', lowest, 'TLSv1.2_2021');
  const behaviours = [...list(at(config, 'DefaultCacheBehavior')), ...list(at(config, 'CacheBehaviors'))].map(
    (behaviour) => at(behaviour, 'ViewerProtocolPolicy'),
  );
  const plain = behaviours.find((policy) => policy !== 'https-only' && policy !== 'redirect-to-https');
  return expectThat(
    behaviours.length > 0 && plain === undefined,
    'DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy',
    plain,
    '"https-only" or "redirect-to-https" for every behaviour',
  );
}

function originsUseTls({ properties }: Subject): Verdict {
  const custom = list(at(properties['DistributionConfig'], 'Origins'))
    .map((origin) => at(origin, 'CustomOriginConfig'))
    .filter((origin) => origin !== undefined);
  const plain = custom.find((origin) => at(origin, 'OriginProtocolPolicy') !== 'https-only');
  if (custom.length === 0) return 'not-applicable';
  return expectThat(
    plain === undefined,
    'DistributionConfig.Origins.CustomOriginConfig.OriginProtocolPolicy',
    at(plain, 'OriginProtocolPolicy'),
    '"https-only"',
  );
}

function logsQueries({ properties }: Subject): Verdict {
  if (list(properties['VPCs']).length > 0) return 'not-applicable';
  const group = at(properties['QueryLoggingConfig'], 'CloudWatchLogsLogGroupArn');
  return expectThat(group !== undefined, 'Properties.QueryLoggingConfig', group, 'a log group');
}

/** Rules over what stands between patients and the load balancer, or beside it. */
export const edgeRules: readonly TemplateRule[] = [
  {
    id: 'TemplateCloudFrontTls',
    controls: TRANSIT,
    rationale: 'Old TLS versions and plain HTTP can be read by who listens.',
    mend: 'set minimumProtocolVersion: TLS_V1_2_2021 with a certificate, and viewerProtocolPolicy',
    types: ['AWS::CloudFront::Distribution'],
    check: viewersUseTls,
  },
  {
    id: 'TemplateCloudFrontOriginTls',
    controls: TRANSIT,
    rationale: 'What is encrypted up to the edge goes on in clear to the origin.',
    mend: 'set protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY',
    types: ['AWS::CloudFront::Distribution'],
    check: originsUseTls,
  },
  {
    id: 'TemplateCloudFrontLogs',
    controls: ['164.312(b)'],
    rationale: 'Who asked for what is known at the edge alone.',
    mend: 'set enableLogging with a bucket of the environment',
    types: ['AWS::CloudFront::Distribution'],
    check: ({ properties }: Subject): Verdict => {
      const bucket = at(properties['DistributionConfig'], 'Logging', 'Bucket');
      return expectThat(bucket !== undefined, 'DistributionConfig.Logging.Bucket', bucket, 'a bucket');
    },
  },
  {
    id: 'TemplateCloudFrontFirewall',
    controls: [...ACCESS, '164.308(a)(5)(ii)(B)'],
    rationale: 'A distribution without a web ACL passes every request on.',
    mend: 'set webAclId',
    types: ['AWS::CloudFront::Distribution'],
    check: ({ properties }: Subject): Verdict => {
      const acl = at(properties['DistributionConfig'], 'WebACLId') ?? '';
      return expectThat(acl !== '', 'DistributionConfig.WebACLId', acl, 'a web ACL');
    },
  },
  {
    id: 'TemplateHttpApiLogs',
    controls: ['164.312(b)'],
    rationale: 'An HTTP API without access logs leaves no trace of who called it.',
    mend: 'set accessLogSettings of the stage to a log group with key and retention',
    types: ['AWS::ApiGatewayV2::Stage'],
    check: ({ properties }: Subject): Verdict => {
      const group = at(properties['AccessLogSettings'], 'DestinationArn');
      return expectThat(group !== undefined, 'Properties.AccessLogSettings', group, 'a DestinationArn');
    },
  },
  {
    id: 'TemplateHttpApiAuthorized',
    controls: [...ACCESS, '164.312(d)'],
    rationale: 'A route without an authorizer answers everyone.',
    mend: 'set an authorizer on the route, or defaultAuthorizer on the API',
    types: ['AWS::ApiGatewayV2::Route'],
    check: ({ properties: { AuthorizationType: kind } }) =>
      expectThat(
        kind !== undefined && kind !== 'NONE',
        'Properties.AuthorizationType',
        kind,
        'an authorizer',
      ),
  },
  {
    id: 'TemplateApiDomainTls',
    controls: TRANSIT,
    rationale: 'Old TLS versions can be read by who listens.',
    mend: 'set securityPolicy: SecurityPolicy.TLS_1_2',
    types: ['AWS::ApiGatewayV2::DomainName', 'AWS::ApiGateway::DomainName'],
    check: ({ resource, properties }: Subject): Verdict => {
      const policies =
        resource.Type === 'AWS::ApiGateway::DomainName'
          ? [properties['SecurityPolicy']]
          : list(properties['DomainNameConfigurations']).map((one) => at(one, 'SecurityPolicy'));
      const holds =
        policies.length > 0 && policies.every((policy) => /TLS_1_2|TLS13_1_[23]/.test(String(policy)));
      return expectThat(holds, 'Properties.SecurityPolicy', policies, '"TLS_1_2" or higher');
    },
  },
  {
    id: 'TemplateLambdaUrlAuthenticated',
    controls: [...ACCESS, '164.312(d)'],
    rationale: 'A function URL without IAM answers the whole internet.',
    mend: 'set authType: FunctionUrlAuthType.AWS_IAM',
    types: ['AWS::Lambda::Url'],
    check: ({ properties: { AuthType: kind } }) =>
      expectThat(kind === 'AWS_IAM', 'Properties.AuthType', kind, '"AWS_IAM"'),
  },
  {
    id: 'TemplateHostedZoneLogs',
    controls: ['164.312(b)'],
    rationale: 'A name that is taken over or looked up by malware shows in the queries only.',
    mend: 'set queryLogsLogGroupArn on the public zone',
    types: ['AWS::Route53::HostedZone'],
    check: logsQueries,
  },
];

import { type Properties, type RuleCase } from './case';

const OTHER = { Ref: 'Other' };
const distribution = (DistributionConfig: Properties): Properties => ({ DistributionConfig });
const viewer = (MinimumProtocolVersion: string, ...policies: readonly string[]): Properties =>
  distribution({
    ViewerCertificate: { MinimumProtocolVersion },
    DefaultCacheBehavior: { ViewerProtocolPolicy: policies[0] },
    CacheBehaviors: policies.slice(1).map((ViewerProtocolPolicy) => ({ ViewerProtocolPolicy })),
  });
const origin = (OriginProtocolPolicy: string): Properties =>
  distribution({ Origins: [{ CustomOriginConfig: { OriginProtocolPolicy } }] });

/** Cases of the rules in lib/gate/template-rules/edge.ts. */
export const edgeCases: readonly RuleCase[] = [
  {
    rule: 'TemplateCloudFrontTls',
    type: 'AWS::CloudFront::Distribution',
    good: [viewer('TLSv1.2_2021', 'redirect-to-https', 'https-only')],
    bad: [{}, viewer('TLSv1', 'https-only'), viewer('TLSv1.2_2021', 'https-only', 'allow-all')],
  },
  {
    rule: 'TemplateCloudFrontOriginTls',
    type: 'AWS::CloudFront::Distribution',
    good: [origin('https-only')],
    bad: [origin('match-viewer'), origin('http-only')],
    otherwise: distribution({ Origins: [{ S3OriginConfig: {} }] }),
  },
  {
    rule: 'TemplateCloudFrontLogs',
    type: 'AWS::CloudFront::Distribution',
    good: [distribution({ Logging: { Bucket: 'logs' } })],
    bad: [{}, distribution({ Logging: {} })],
  },
  {
    rule: 'TemplateCloudFrontFirewall',
    type: 'AWS::CloudFront::Distribution',
    good: [distribution({ WebACLId: OTHER })],
    bad: [{}, distribution({ WebACLId: '' })],
  },
  {
    rule: 'TemplateHttpApiLogs',
    type: 'AWS::ApiGatewayV2::Stage',
    good: [{ AccessLogSettings: { DestinationArn: OTHER } }],
    bad: [{}, { AccessLogSettings: { Format: '$context.requestId' } }],
  },
  {
    rule: 'TemplateHttpApiAuthorized',
    type: 'AWS::ApiGatewayV2::Route',
    good: [{ AuthorizationType: 'JWT' }],
    bad: [{}, { AuthorizationType: 'NONE' }],
  },
  {
    rule: 'TemplateApiDomainTls',
    type: 'AWS::ApiGatewayV2::DomainName',
    good: [{ DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_2' }] }],
    bad: [{}, { DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_0' }] }],
  },
  {
    rule: 'TemplateApiDomainTls',
    type: 'AWS::ApiGateway::DomainName',
    good: [{ SecurityPolicy: 'TLS_1_2' }],
    bad: [{}, { SecurityPolicy: 'TLS_1_0' }],
  },
  {
    rule: 'TemplateLambdaUrlAuthenticated',
    type: 'AWS::Lambda::Url',
    good: [{ AuthType: 'AWS_IAM' }],
    bad: [{ AuthType: 'NONE' }],
  },
  {
    rule: 'TemplateHostedZoneLogs',
    type: 'AWS::Route53::HostedZone',
    good: [{ QueryLoggingConfig: { CloudWatchLogsLogGroupArn: OTHER } }],
    bad: [{}],
    otherwise: { VPCs: [{ VPCId: OTHER }] },
  },
];

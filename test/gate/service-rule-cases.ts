import { KEY, keyed, type Properties, type RuleCase } from './rule-cases';

const OTHER = { Ref: 'Other' };
const denies = (Action: string, secure = 'false'): Properties => ({
  Statement: [
    { Effect: 'Deny', Principal: '*', Action, Condition: { Bool: { 'aws:SecureTransport': secure } } },
  ],
});
const distribution = (DistributionConfig: Properties): Properties => ({ DistributionConfig });
const viewer = (MinimumProtocolVersion: string, ...policies: readonly string[]): Properties =>
  distribution({
    ViewerCertificate: { MinimumProtocolVersion },
    DefaultCacheBehavior: { ViewerProtocolPolicy: policies[0] },
    CacheBehaviors: policies.slice(1).map((ViewerProtocolPolicy) => ({ ViewerProtocolPolicy })),
  });
const origin = (OriginProtocolPolicy: string): Properties =>
  distribution({ Origins: [{ CustomOriginConfig: { OriginProtocolPolicy } }] });
const ROLLBACK = { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] };
const plan = (...days: readonly (number | undefined)[]): Properties => ({
  BackupPlan: { BackupPlanRule: days.map((DeleteAfterDays) => ({ Lifecycle: { DeleteAfterDays } })) },
});
const CUSTOMER = { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: KEY };
const LOGS = { Level: 'ERROR', Destinations: [{ CloudWatchLogsLogGroup: {} }] };
const delivered = (target: Properties): Properties => ({
  Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] }, ...target }],
});

/** The cases of rules over services that cdk-nag's HIPAA pack has no rule for. */
export const SERVICE_RULE_CASES: readonly RuleCase[] = [
  {
    rule: 'TemplateSqsTlsOnly',
    type: 'AWS::SQS::QueuePolicy',
    good: [{ PolicyDocument: denies('sqs:*') }],
    bad: [{}, { PolicyDocument: denies('sqs:SendMessage') }, { PolicyDocument: denies('sqs:*', 'true') }],
  },
  {
    rule: 'TemplateSnsTlsOnly',
    type: 'AWS::SNS::TopicPolicy',
    good: [{ PolicyDocument: denies('sns:Publish') }, { PolicyDocument: denies('sns:*') }],
    bad: [{}, { PolicyDocument: denies('sqs:*') }],
  },
  keyed('TemplateEventBusEncrypted', 'AWS::Events::EventBus', 'KmsKeyIdentifier'),
  {
    rule: 'TemplateEventTargetDeadLetters',
    type: 'AWS::Events::Rule',
    good: [delivered({ DeadLetterConfig: { Arn: OTHER } })],
    bad: [delivered({})],
    otherwise: { Targets: [{ Id: 'T', Arn: OTHER }] },
    beside: { Function: ['AWS::Lambda::Function', {}] },
  },
  {
    rule: 'TemplateStateMachineLogs',
    type: 'AWS::StepFunctions::StateMachine',
    good: [{ LoggingConfiguration: LOGS }],
    bad: [
      {},
      { LoggingConfiguration: { ...LOGS, Level: 'OFF' } },
      { LoggingConfiguration: { Level: 'ALL' } },
    ],
  },
  {
    rule: 'TemplateStateMachineLogsNoData',
    type: 'AWS::StepFunctions::StateMachine',
    good: [{}, { LoggingConfiguration: { ...LOGS, IncludeExecutionData: false } }],
    bad: [{ LoggingConfiguration: { ...LOGS, IncludeExecutionData: true } }],
  },
  {
    rule: 'TemplateStateMachineEncrypted',
    type: 'AWS::StepFunctions::StateMachine',
    good: [{ EncryptionConfiguration: CUSTOMER }],
    bad: [{}, { EncryptionConfiguration: { Type: 'AWS_OWNED_KEY' } }],
  },
  {
    rule: 'TemplateStreamEncrypted',
    type: 'AWS::Kinesis::Stream',
    good: [{ StreamEncryption: { EncryptionType: 'KMS', KeyId: KEY } }],
    bad: [{}, { StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } }],
  },
  {
    rule: 'TemplateCognitoPasswords',
    type: 'AWS::Cognito::UserPool',
    good: [{ Policies: { PasswordPolicy: { MinimumLength: 12 } } }],
    bad: [{}, { Policies: { PasswordPolicy: { MinimumLength: 8 } } }],
  },
  {
    rule: 'TemplateCognitoKept',
    type: 'AWS::Cognito::UserPool',
    production: true,
    good: [{ DeletionProtection: 'ACTIVE' }],
    bad: [{}, { DeletionProtection: 'INACTIVE' }],
  },
  {
    rule: 'TemplateCognitoShortTokens',
    type: 'AWS::Cognito::UserPoolClient',
    good: [
      {},
      {
        AccessTokenValidity: 15,
        IdTokenValidity: 900,
        TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'seconds' },
      },
    ],
    bad: [{ AccessTokenValidity: 8 }, { IdTokenValidity: 1, TokenValidityUnits: { IdToken: 'days' } }],
  },
  {
    rule: 'TemplateCognitoRevocable',
    type: 'AWS::Cognito::UserPoolClient',
    good: [{ EnableTokenRevocation: true }],
    bad: [{}, { EnableTokenRevocation: false }],
  },
  {
    rule: 'TemplateCognitoHidesUsers',
    type: 'AWS::Cognito::UserPoolClient',
    good: [{ PreventUserExistenceErrors: 'ENABLED' }],
    bad: [{}, { PreventUserExistenceErrors: 'LEGACY' }],
  },
  {
    rule: 'TemplateCodeDeployRollback',
    type: 'AWS::CodeDeploy::DeploymentGroup',
    good: [{ AutoRollbackConfiguration: ROLLBACK }],
    bad: [
      {},
      { AutoRollbackConfiguration: { ...ROLLBACK, Enabled: false } },
      { AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE'] } },
    ],
  },
  {
    rule: 'TemplateCodeDeployAlarms',
    type: 'AWS::CodeDeploy::DeploymentGroup',
    good: [{ AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'a' }] } }],
    bad: [
      {},
      { AlarmConfiguration: { Enabled: false, Alarms: [{ Name: 'a' }] } },
      { AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'a' }], IgnorePollAlarmFailure: true } },
    ],
  },
  {
    rule: 'TemplateEcrEncrypted',
    type: 'AWS::ECR::Repository',
    good: [{ EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY } }],
    bad: [
      {},
      { EncryptionConfiguration: { EncryptionType: 'AES256' } },
      { EncryptionConfiguration: { EncryptionType: 'KMS' } },
    ],
  },
  {
    rule: 'TemplateBackupPlanKeeps',
    type: 'AWS::Backup::BackupPlan',
    good: [plan(35, 365)],
    bad: [{}, plan(), plan(35, 7), plan(undefined)],
  },
  {
    rule: 'TemplateBackupVaultLocked',
    type: 'AWS::Backup::BackupVault',
    production: true,
    good: [{ LockConfiguration: { MinRetentionDays: 35 } }],
    bad: [{}, { LockConfiguration: {} }],
  },
  {
    rule: 'TemplateKmsDeletionWindow',
    type: 'AWS::KMS::Key',
    production: true,
    good: [{}, { PendingWindowInDays: 30 }],
    bad: [{ PendingWindowInDays: 7 }],
  },
  {
    rule: 'TemplateRdsTlsOnly',
    type: 'AWS::RDS::DBClusterParameterGroup',
    good: [{ Family: 'aurora-postgresql17', Parameters: { 'rds.force_ssl': '1' } }],
    bad: [{ Family: 'aurora-postgresql17' }, { Family: 'postgres17', Parameters: { 'rds.force_ssl': 0 } }],
    otherwise: { Family: 'aurora-mysql8.0' },
  },
  {
    rule: 'TemplateDynamoDbProtected',
    type: 'AWS::DynamoDB::Table',
    production: true,
    good: [{ DeletionProtectionEnabled: true }],
    bad: [{}],
  },
  {
    rule: 'TemplateDynamoDbProtected',
    type: 'AWS::DynamoDB::GlobalTable',
    production: true,
    good: [{ Replicas: [{ DeletionProtectionEnabled: true }] }],
    bad: [{}, { Replicas: [{ DeletionProtectionEnabled: true }, {}] }],
  },
  {
    rule: 'TemplateCacheEncrypted',
    type: 'AWS::ElastiCache::ReplicationGroup',
    good: [{ AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true, KmsKeyId: KEY }],
    bad: [
      {},
      { AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true },
      { AtRestEncryptionEnabled: true, KmsKeyId: KEY },
    ],
  },
  {
    rule: 'TemplateEcsInsights',
    type: 'AWS::ECS::Cluster',
    good: [{ ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }] }],
    bad: [{}, { ClusterSettings: [{ Name: 'containerInsights', Value: 'disabled' }] }],
  },
  {
    rule: 'TemplateEcsOwnNetwork',
    type: 'AWS::ECS::TaskDefinition',
    good: [{ NetworkMode: 'awsvpc' }],
    bad: [{}, { NetworkMode: 'host' }],
  },
  {
    rule: 'TemplateEcsUnprivileged',
    type: 'AWS::ECS::TaskDefinition',
    good: [{ ContainerDefinitions: [{ Name: 'api' }] }],
    bad: [{ ContainerDefinitions: [{ Name: 'api' }, { Name: 'agent', Privileged: true }] }],
  },
  {
    rule: 'TemplateTargetGroupHealth',
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    good: [{ Protocol: 'HTTP', HealthCheckPath: '/health' }, { Protocol: 'TCP' }],
    bad: [{ Protocol: 'HTTP' }, { Protocol: 'HTTP', HealthCheckPath: '/', HealthCheckEnabled: false }],
  },
  {
    rule: 'TemplateEndpointPolicy',
    type: 'AWS::EC2::VPCEndpoint',
    good: [{ PolicyDocument: { Statement: [] } }],
    bad: [{}],
  },
  {
    rule: 'TemplateVpcDefaultGroupClosed',
    type: 'AWS::EC2::VPC',
    good: [{}],
    bad: [{}],
    beside: {
      Closer: [
        'Custom::VpcRestrictDefaultSG',
        { DefaultSecurityGroupId: { 'Fn::GetAtt': ['Good0', 'DefaultSecurityGroup'] } },
      ],
    },
  },
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

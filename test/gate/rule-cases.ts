export type Properties = Readonly<Record<string, unknown>>;

/** What a rule must let pass and what it must find; each for the type that it looks at. */
export interface RuleCase {
  readonly rule: string;
  readonly type: string;
  readonly good: readonly Properties[];
  readonly bad: readonly Properties[];
  /** Properties of the same type that the rule does not concern. */
  readonly otherwise?: Properties;
  /** Whether it judges production only. */
  readonly production?: boolean;
  /** What stands beside it in the template, by logical id; the good ones are `Good0`, `Good1` and so on. */
  readonly beside?: Readonly<Record<string, readonly [type: string, properties: Properties]>>;
}

export const KEY = { Ref: 'Key' };
const policy = (statement: Properties): Properties => ({ Statement: [statement] });
const iam = (statement: Properties): Properties => ({
  PolicyDocument: policy({ Effect: 'Allow', ...statement }),
});
const container = (properties: Properties): Properties => ({
  ContainerDefinitions: [{ Name: 'api' }, properties],
});
const api = (properties: Properties): Properties => ({ ContainerDefinitions: [properties] });
const service = (AssignPublicIp: string): Properties => ({
  NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp } },
});
const BLOCKED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};
const PITR = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
const by = (ServerSideEncryptionByDefault: Properties): Properties => ({
  BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault }] },
});
const redirect = (Protocol: string): Properties => ({
  Protocol: 'HTTP',
  DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol } }],
});
export const keyed = (rule: string, type: string, property: string): RuleCase => ({
  rule,
  type,
  good: [{ [property]: KEY }, { [property]: 'arn:aws:kms:us-east-1:111111111111:key/1' }],
  bad: [{}, { [property]: '' }, { [property]: 'alias/aws/sqs' }],
});

/** Every rule but those that look at more than one resource; these have tests of their own. */
export const RULE_CASES: readonly RuleCase[] = [
  {
    rule: 'TemplateS3Versioned',
    type: 'AWS::S3::Bucket',
    good: [{ VersioningConfiguration: { Status: 'Enabled' } }],
    bad: [{}, { VersioningConfiguration: { Status: 'Suspended' } }],
  },
  {
    rule: 'TemplateS3PublicAccessBlocked',
    type: 'AWS::S3::Bucket',
    good: [{ PublicAccessBlockConfiguration: BLOCKED }],
    bad: [{}, { PublicAccessBlockConfiguration: { ...BLOCKED, BlockPublicAcls: false } }],
  },
  {
    rule: 'TemplateS3Encrypted',
    type: 'AWS::S3::Bucket',
    good: [by({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY })],
    bad: [
      {},
      by({ SSEAlgorithm: 'AES256' }),
      by({ SSEAlgorithm: 'aws:kms' }),
      by({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/aws/s3' }),
    ],
  },
  {
    rule: 'TemplateDynamoDbRecovery',
    type: 'AWS::DynamoDB::Table',
    good: [PITR],
    bad: [{}, { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } }],
  },
  {
    rule: 'TemplateDynamoDbRecovery',
    type: 'AWS::DynamoDB::GlobalTable',
    good: [{ Replicas: [PITR, PITR] }],
    bad: [{}, PITR, { Replicas: [PITR, {}] }],
  },
  {
    rule: 'TemplateDynamoDbEncrypted',
    type: 'AWS::DynamoDB::Table',
    good: [{ SSESpecification: { SSEType: 'KMS', KMSMasterKeyId: KEY } }],
    bad: [{}, { SSESpecification: { SSEType: 'KMS' } }],
  },
  {
    rule: 'TemplateDynamoDbEncrypted',
    type: 'AWS::DynamoDB::GlobalTable',
    good: [
      { SSESpecification: { SSEType: 'KMS' }, Replicas: [{ SSESpecification: { KMSMasterKeyId: KEY } }] },
    ],
    bad: [{ SSESpecification: { SSEType: 'KMS' }, Replicas: [{}] }],
  },
  {
    rule: 'TemplateRdsEncrypted',
    type: 'AWS::RDS::DBCluster',
    good: [{ StorageEncrypted: true, KmsKeyId: KEY }],
    bad: [{}, { StorageEncrypted: true }, { StorageEncrypted: false, KmsKeyId: KEY }],
  },
  keyed('TemplateBackupVaultEncrypted', 'AWS::Backup::BackupVault', 'EncryptionKeyArn'),
  keyed('TemplateSqsEncrypted', 'AWS::SQS::Queue', 'KmsMasterKeyId'),
  keyed('TemplateSnsEncrypted', 'AWS::SNS::Topic', 'KmsMasterKeyId'),
  keyed('TemplateCodeBuildEncrypted', 'AWS::CodeBuild::Project', 'EncryptionKey'),
  keyed('TemplateLogGroupEncrypted', 'AWS::Logs::LogGroup', 'KmsKeyId'),
  {
    rule: 'TemplateKmsRotation',
    type: 'AWS::KMS::Key',
    good: [{ EnableKeyRotation: true }],
    bad: [{}, { KeySpec: 'SYMMETRIC_DEFAULT', EnableKeyRotation: false }],
    otherwise: { KeySpec: 'ECC_NIST_P256' },
  },
  {
    rule: 'TemplatePipelineArtifactsEncrypted',
    type: 'AWS::CodePipeline::Pipeline',
    good: [{ ArtifactStore: { EncryptionKey: { Id: KEY, Type: 'KMS' } } }],
    bad: [
      {},
      { ArtifactStore: { Type: 'S3' } },
      { ArtifactStores: [{ ArtifactStore: { EncryptionKey: { Id: KEY } } }, { ArtifactStore: {} }] },
    ],
  },
  {
    rule: 'TemplateCodeBuildLogs',
    type: 'AWS::CodeBuild::Project',
    good: [{ LogsConfig: { CloudWatchLogs: { Status: 'ENABLED', GroupName: KEY } } }],
    bad: [{}, { LogsConfig: { CloudWatchLogs: { Status: 'DISABLED', GroupName: KEY } } }],
  },
  {
    rule: 'TemplateEcrImmutable',
    type: 'AWS::ECR::Repository',
    good: [{ ImageTagMutability: 'IMMUTABLE' }],
    bad: [{}, { ImageTagMutability: 'MUTABLE' }],
  },
  {
    rule: 'TemplateEcrScanned',
    type: 'AWS::ECR::Repository',
    good: [{ ImageScanningConfiguration: { ScanOnPush: true } }],
    bad: [{}],
  },
  {
    rule: 'TemplateNoAnonymousPrincipal',
    type: 'AWS::KMS::Key',
    good: [
      { KeyPolicy: policy({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' } }) },
      {
        KeyPolicy: policy({
          Effect: 'Allow',
          Principal: '*',
          Condition: { StringEquals: { 'kms:CallerAccount': '111111111111' } },
        }),
      },
      { KeyPolicy: policy({ Effect: 'Deny', Principal: '*' }) },
    ],
    bad: [
      { KeyPolicy: policy({ Effect: 'Allow', Principal: '*' }) },
      { KeyPolicy: policy({ Effect: 'Allow', Principal: { AWS: ['*'] } }) },
    ],
    otherwise: {},
  },
  {
    rule: 'TemplateNoAnonymousPrincipal',
    type: 'AWS::EC2::VPCEndpoint',
    good: [{ PolicyDocument: policy({ Effect: 'Allow', Principal: '*', Resource: 'arn:aws:s3:::one/*' }) }],
    bad: [
      { PolicyDocument: policy({ Effect: 'Allow', Principal: '*', Resource: '*' }) },
      { PolicyDocument: JSON.stringify(policy({ Effect: 'Allow', Principal: '*', Resource: '*' })) },
    ],
  },
  {
    rule: 'TemplateLambdaNotPublic',
    type: 'AWS::Lambda::Permission',
    good: [{ Principal: 'events.amazonaws.com' }],
    bad: [{ Principal: '*' }],
  },
  {
    rule: 'TemplateIamNoWildcardAction',
    type: 'AWS::IAM::ManagedPolicy',
    good: [iam({ Action: 's3:GetObject*' })],
    bad: [
      iam({ Action: '*' }),
      iam({ Action: ['s3:GetObject', 'kms:*'] }),
      iam({ NotAction: 's3:GetObject' }),
    ],
    otherwise: { PolicyDocument: policy({ Effect: 'Deny', Action: '*' }) },
  },
  {
    rule: 'TemplateIamNoWildcardResource',
    type: 'AWS::IAM::ManagedPolicy',
    good: [
      iam({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::one/*' }),
      iam({ Action: 'xray:PutTraceSegments', Resource: '*' }),
    ],
    bad: [
      iam({ Action: 's3:GetObject', Resource: '*' }),
      iam({ Action: 's3:GetObject', Resource: ['arn:aws:s3:::*'] }),
    ],
    otherwise: { PolicyDocument: policy({ Effect: 'Deny', Action: '*' }) },
  },
  {
    rule: 'TemplateIamNoInlinePolicy',
    type: 'AWS::IAM::Role',
    good: [{}],
    bad: [{ Policies: [{ PolicyName: 'a', PolicyDocument: policy({}) }] }],
  },
  {
    rule: 'TemplateIamNoInlinePolicy',
    type: 'AWS::IAM::Policy',
    good: [],
    bad: [iam({ Action: 's3:GetObject' })],
  },
  {
    rule: 'TemplateCognitoMfa',
    type: 'AWS::Cognito::UserPool',
    good: [{ MfaConfiguration: 'ON' }],
    bad: [{}, { MfaConfiguration: 'OPTIONAL' }],
  },
  {
    rule: 'TemplateCognitoThreatProtection',
    type: 'AWS::Cognito::UserPool',
    good: [{ UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' } }],
    bad: [{}, { UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } }],
  },
  {
    rule: 'TemplateEcsNoPublicIp',
    type: 'AWS::ECS::Service',
    good: [service('DISABLED')],
    bad: [{}, service('ENABLED')],
  },
  {
    rule: 'TemplateEcsExecOff',
    type: 'AWS::ECS::Service',
    good: [{}, { EnableExecuteCommand: false }],
    bad: [{ EnableExecuteCommand: true }],
  },
  {
    rule: 'TemplateEcsReadOnlyRoot',
    type: 'AWS::ECS::TaskDefinition',
    good: [api({ ReadonlyRootFilesystem: true })],
    bad: [api({}), container({ ReadonlyRootFilesystem: true })],
  },
  {
    rule: 'TemplateEcsLogs',
    type: 'AWS::ECS::TaskDefinition',
    good: [api({ LogConfiguration: { Options: { 'awslogs-group': KEY } } })],
    bad: [api({}), api({ LogConfiguration: { LogDriver: 'none' } })],
  },
  {
    rule: 'TemplateNoPlainSecret',
    type: 'AWS::ECS::TaskDefinition',
    good: [api({ Environment: [{ Name: 'SECRET_ARN', Value: 'arn' }] })],
    bad: [api({ Environment: [{ Name: 'DB_PASSWORD', Value: 'x' }] })],
  },
  {
    rule: 'TemplateNoPlainSecret',
    type: 'AWS::Lambda::Function',
    good: [{}],
    bad: [{ Environment: { Variables: { API_KEY: 'x' } } }],
  },
  {
    rule: 'TemplateLambdaInVpc',
    type: 'AWS::Lambda::Function',
    good: [{ VpcConfig: { SubnetIds: ['subnet-1'] } }],
    bad: [{}, { VpcConfig: { SubnetIds: [] } }],
  },
  {
    rule: 'TemplateLogGroupRetention',
    type: 'AWS::Logs::LogGroup',
    good: [{ RetentionInDays: 90 }],
    bad: [{}],
  },
  {
    rule: 'TemplateNoOpenIngress',
    type: 'AWS::EC2::SecurityGroup',
    good: [{}, { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/16' }] }],
    bad: [
      { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/16' }, { CidrIp: '0.0.0.0/0' }] },
      { SecurityGroupIngress: [{ CidrIpv6: '::/0' }] },
    ],
  },
  {
    rule: 'TemplateNoOpenIngress',
    type: 'AWS::EC2::SecurityGroupIngress',
    good: [{ CidrIp: '10.0.0.0/16' }],
    bad: [{ CidrIp: '0.0.0.0/0' }],
  },
  {
    rule: 'TemplateNoPublicSubnetAddress',
    type: 'AWS::EC2::Subnet',
    good: [{ MapPublicIpOnLaunch: false }],
    bad: [{ MapPublicIpOnLaunch: true }],
  },
  {
    rule: 'TemplateListenerTls',
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    good: [
      { Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09' },
      { Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' },
      redirect('HTTPS'),
    ],
    bad: [
      { Protocol: 'HTTPS' },
      { Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-0-2021-06' },
      redirect('HTTP'),
      { Protocol: 'HTTP' },
    ],
  },
];

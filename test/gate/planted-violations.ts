import { type Properties } from './rule-cases';

/** A resource that violates a rule of cdk-nag, in the words of CloudFormation. */
export interface Violation {
  readonly type: string;
  readonly properties: Properties;
}

const of = (type: string, properties: Properties = {}): Violation => ({ type: `AWS::${type}`, properties });
// cdk-nag reads the keys in this order only; TemplateIamNoWildcardAction reads them in any.
const allows = (Action: string | readonly string[], Resource: string | readonly string[]): Properties => ({
  PolicyDocument: { Version: '2012-10-17', Statement: [{ Action, Effect: 'Allow', Resource }] },
});
const open = (port: number): Properties => ({
  GroupDescription: 'g',
  SecurityGroupIngress: [{ IpProtocol: 'tcp', CidrIp: '0.0.0.0/0', FromPort: port, ToPort: port }],
});
const BUCKET = of('S3::Bucket');
const REST_STAGE = of('ApiGateway::Stage', { RestApiId: 'api' });
const FUNCTION = of('Lambda::Function', { Code: { ZipFile: '' }, Role: 'role' });
const CLASSIC = of('ElasticLoadBalancing::LoadBalancer', {
  Listeners: [{ InstancePort: '80', LoadBalancerPort: '80', Protocol: 'http' }],
  CrossZone: false,
});
const BALANCER = of('ElasticLoadBalancingV2::LoadBalancer', { Type: 'application' });
const PLAIN_LISTENER = of('ElasticLoadBalancingV2::Listener', {
  Protocol: 'HTTP',
  LoadBalancerArn: 'arn',
  DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn' }],
});
const INSTANCE = of('EC2::Instance', {
  InstanceType: 'c3.xlarge',
  NetworkInterfaces: [{ DeviceIndex: '0', AssociatePublicIpAddress: true }],
});
const DB = of('RDS::DBInstance', {
  Engine: 'postgres',
  AutoMinorVersionUpgrade: false,
  BackupRetentionPeriod: 0,
  PubliclyAccessible: true,
});
const REDSHIFT = of('Redshift::Cluster', {
  ClusterType: 'single-node',
  DBName: 'd',
  MasterUsername: 'u',
  NodeType: 'ra3.large',
  AutomatedSnapshotRetentionPeriod: 0,
  AllowVersionUpgrade: false,
  PubliclyAccessible: true,
  EnhancedVpcRouting: false,
});
const TRAIL = of('CloudTrail::Trail', { IsLogging: true, S3BucketName: 'b', EnableLogFileValidation: false });
const PROJECT = of('CodeBuild::Project', {
  Artifacts: { Type: 'NO_ARTIFACTS' },
  ServiceRole: 'role',
  Source: { Type: 'GITHUB', Location: 'https://example.com/a.git' },
  Environment: {
    ComputeType: 'BUILD_GENERAL1_SMALL',
    Image: 'aws/codebuild/standard:7.0',
    Type: 'LINUX_CONTAINER',
    EnvironmentVariables: [{ Name: 'AWS_ACCESS_KEY_ID', Value: 'x', Type: 'PLAINTEXT' }],
  },
});
const SEARCH = of('OpenSearchService::Domain');
const TABLE = of('DynamoDB::Table', { KeySchema: [], BillingMode: 'PROVISIONED' });
const NOTEBOOK = of('SageMaker::NotebookInstance', { InstanceType: 'ml.t3.medium', RoleArn: 'role' });
const BEANSTALK = of('ElasticBeanstalk::Environment', { ApplicationName: 'a' });

/** For each of the 90 rules the least that violates it. */
export const PLANTED: Readonly<Record<string, Violation>> = {
  APIGWCacheEnabledAndEncrypted: REST_STAGE,
  APIGWExecutionLoggingEnabled: REST_STAGE,
  APIGWSSLEnabled: REST_STAGE,
  APIGWXrayEnabled: REST_STAGE,
  AutoScalingGroupELBHealthCheckRequired: of('AutoScaling::AutoScalingGroup', {
    TargetGroupARNs: ['arn'],
    MinSize: '1',
    MaxSize: '1',
  }),
  AutoScalingLaunchConfigPublicIpDisabled: of('AutoScaling::LaunchConfiguration', {
    ImageId: 'ami',
    InstanceType: 't3.micro',
    AssociatePublicIpAddress: true,
  }),
  CloudTrailCloudWatchLogsEnabled: TRAIL,
  CloudTrailEncryptionEnabled: TRAIL,
  CloudTrailLogFileValidationEnabled: TRAIL,
  CloudWatchAlarmAction: of('CloudWatch::Alarm'),
  CloudWatchLogGroupEncrypted: of('Logs::LogGroup'),
  CloudWatchLogGroupRetentionPeriod: of('Logs::LogGroup'),
  CodeBuildProjectEnvVarAwsCred: PROJECT,
  CodeBuildProjectSourceRepoUrl: PROJECT,
  DMSReplicationNotPublic: of('DMS::ReplicationInstance', {
    ReplicationInstanceClass: 'dms.t3.micro',
    PubliclyAccessible: true,
  }),
  DynamoDBAutoScalingEnabled: TABLE,
  DynamoDBInBackupPlan: TABLE,
  DynamoDBPITREnabled: TABLE,
  EC2EBSInBackupPlan: of('EC2::Volume', { AvailabilityZone: 'us-east-1a' }),
  EC2EBSOptimizedInstance: INSTANCE,
  EC2IMDSv2Enabled: INSTANCE,
  EC2InstanceDetailedMonitoringEnabled: INSTANCE,
  EC2InstanceNoPublicIp: INSTANCE,
  EC2InstanceProfileAttached: INSTANCE,
  EC2InstancesInVPC: of('EC2::Instance'),
  EC2RestrictedCommonPorts: of('EC2::SecurityGroup', open(3389)),
  EC2RestrictedSSH: of('EC2::SecurityGroup', open(22)),
  ECSTaskDefinitionUserForHostMode: of('ECS::TaskDefinition', {
    NetworkMode: 'host',
    ContainerDefinitions: [{ Name: 'api', Image: 'api' }],
  }),
  EFSEncrypted: of('EFS::FileSystem', { Encrypted: false }),
  EFSInBackupPlan: of('EFS::FileSystem'),
  ELBACMCertificateRequired: CLASSIC,
  ELBCrossZoneLoadBalancingEnabled: CLASSIC,
  ELBDeletionProtectionEnabled: BALANCER,
  ELBLoggingEnabled: BALANCER,
  ELBTlsHttpsListenersOnly: of('ElasticLoadBalancing::LoadBalancer', {
    Listeners: [{ InstancePort: '80', InstanceProtocol: 'http', LoadBalancerPort: '443', Protocol: 'https' }],
  }),
  ELBv2ACMCertificateRequired: PLAIN_LISTENER,
  EMRKerberosEnabled: of('EMR::Cluster', { Instances: {}, JobFlowRole: 'r', Name: 'n', ServiceRole: 'r' }),
  ALBHttpDropInvalidHeaderEnabled: BALANCER,
  ALBHttpToHttpsRedirection: PLAIN_LISTENER,
  ElastiCacheRedisClusterAutomaticBackup: of('ElastiCache::ReplicationGroup', {
    ReplicationGroupDescription: 'd',
  }),
  ElasticBeanstalkEnhancedHealthReportingEnabled: BEANSTALK,
  ElasticBeanstalkManagedUpdatesEnabled: BEANSTALK,
  IAMGroupHasUsers: of('IAM::Group'),
  IAMNoInlinePolicy: of('IAM::Policy', { PolicyName: 'p', ...allows('s3:GetObject', 'arn:aws:s3:::a/b') }),
  IAMPolicyNoStatementsWithAdminAccess: of('IAM::ManagedPolicy', allows(['*'], ['*'])),
  IAMPolicyNoStatementsWithFullAccess: of('IAM::ManagedPolicy', allows(['s3:*'], ['arn:aws:s3:::a'])),
  IAMUserGroupMembership: of('IAM::User'),
  IAMUserNoPolicies: of('IAM::ManagedPolicy', {
    ...allows('s3:GetObject', 'arn:aws:s3:::a/b'),
    Users: ['u'],
  }),
  LambdaConcurrency: FUNCTION,
  LambdaDLQ: FUNCTION,
  LambdaFunctionPublicAccessProhibited: of('Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: 'f',
    Principal: '*',
  }),
  LambdaInsideVPC: FUNCTION,
  OpenSearchEncryptedAtRest: SEARCH,
  OpenSearchErrorLogsToCloudWatch: SEARCH,
  OpenSearchInVPCOnly: SEARCH,
  OpenSearchNodeToNodeEncryption: SEARCH,
  RDSAutomaticMinorVersionUpgradeEnabled: DB,
  RDSEnhancedMonitoringEnabled: DB,
  RDSInBackupPlan: DB,
  RDSInstanceBackupEnabled: DB,
  RDSInstanceDeletionProtectionEnabled: DB,
  RDSInstancePublicAccess: DB,
  RDSLoggingEnabled: DB,
  RDSMultiAZSupport: DB,
  RDSStorageEncrypted: DB,
  RedshiftBackupEnabled: REDSHIFT,
  RedshiftClusterConfiguration: REDSHIFT,
  RedshiftClusterMaintenanceSettings: REDSHIFT,
  RedshiftClusterPublicAccess: REDSHIFT,
  RedshiftEnhancedVPCRoutingEnabled: REDSHIFT,
  RedshiftRequireTlsSSL: REDSHIFT,
  S3BucketLevelPublicAccessProhibited: of('S3::Bucket', {
    PublicAccessBlockConfiguration: { BlockPublicAcls: false },
  }),
  S3BucketLoggingEnabled: BUCKET,
  S3BucketPublicReadProhibited: BUCKET,
  S3BucketPublicWriteProhibited: BUCKET,
  S3BucketReplicationEnabled: BUCKET,
  S3BucketSSLRequestsOnly: BUCKET,
  S3BucketVersioningEnabled: BUCKET,
  S3DefaultEncryptionKMS: BUCKET,
  SageMakerEndpointConfigurationKMSKeyConfigured: of('SageMaker::EndpointConfig', { ProductionVariants: [] }),
  SageMakerNotebookInstanceKMSKeyConfigured: NOTEBOOK,
  SageMakerNotebookNoDirectInternetAccess: NOTEBOOK,
  SecretsManagerRotationEnabled: of('SecretsManager::Secret'),
  SecretsManagerUsingKMSKey: of('SecretsManager::Secret'),
  SNSEncryptedKMS: of('SNS::Topic'),
  // The rule looks for a construct beside the class; of a raw one TemplateVpcDefaultGroupClosed says the same.
  VPCDefaultSecurityGroupClosed: of('EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  VPCFlowLogsEnabled: of('EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  VPCNoUnrestrictedRouteToIGW: of('EC2::Route', {
    RouteTableId: 'r',
    GatewayId: 'igw',
    DestinationCidrBlock: '0.0.0.0/0',
  }),
  VPCSubnetAutoAssignPublicIpDisabled: of('EC2::Subnet', { VpcId: 'v', MapPublicIpOnLaunch: true }),
  WAFv2LoggingEnabled: of('WAFv2::WebACL', { DefaultAction: {}, Scope: 'REGIONAL', VisibilityConfig: {} }),
};

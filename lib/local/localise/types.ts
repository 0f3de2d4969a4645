/** How a resource type stands on the local AWS. */
export interface LocalType {
  /**
   * `native`: the emulator's own CloudFormation makes it. `bridged`: the bridge makes it over the emulator's
   * API. `template-only`: nothing stands behind it; it has a name and attributes, so that others may refer to it.
   */
  readonly support: 'native' | 'bridged' | 'template-only';
  /** Properties that the native way drops and the bridge applies afterwards. */
  readonly reconciled?: readonly string[];
  /** Properties that nothing applies locally: assert them on the template. */
  readonly dropped?: readonly string[];
  /** What `Fn::GetAtt` gives of a template-only type; `{name}`, `{account}` and `{region}` are filled in. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** The property that names a template-only resource. */
  readonly name?: string;
  /** What else differs from AWS. */
  readonly note?: string;
}

const native = (rest: Omit<LocalType, 'support'> = {}): LocalType => ({ support: 'native', ...rest });
const bridged = (rest: Omit<LocalType, 'support'> = {}): LocalType => ({ support: 'bridged', ...rest });
const templateOnly = (rest: Omit<LocalType, 'support'> = {}): LocalType => ({
  support: 'template-only',
  ...rest,
});

const CODE_DEPLOY = 'Kept for the stand-in of CodeDeploy, lib/local/codedeploy.';

/**
 * Every resource type of the platform. What is dropped was measured against the pinned emulator: it takes any
 * property without complaint, so nothing here is verified by its being accepted.
 */
export const TYPES: Readonly<Record<string, LocalType>> = {
  'AWS::Amplify::App': templateOnly({
    attributes: {
      AppId: '{name}',
      AppName: '{name}',
      Arn: 'arn:aws:amplify:{region}:{account}:apps/{name}',
      DefaultDomain: '{name}.amplifyapp.com',
    },
  }),
  'AWS::Amplify::Branch': templateOnly({
    attributes: {
      Arn: 'arn:aws:amplify:{region}:{account}:apps/local/branches/{name}',
      BranchName: '{name}',
    },
    name: 'BranchName',
  }),
  'AWS::Amplify::Domain': templateOnly({
    attributes: {
      Arn: 'arn:aws:amplify:{region}:{account}:apps/local/domains/{name}',
      DomainName: '{name}',
      DomainStatus: 'AVAILABLE',
      CertificateRecord: '',
      StatusReason: '',
    },
    name: 'DomainName',
  }),
  'AWS::ApplicationAutoScaling::ScalableTarget': templateOnly({
    attributes: {
      Id: '{name}',
      ScalableTargetARN: 'arn:aws:application-autoscaling:{region}:{account}:scalable-target/{name}',
    },
    note: 'The number of local tasks is fixed.',
  }),
  'AWS::ApplicationAutoScaling::ScalingPolicy': templateOnly({
    attributes: { Arn: 'arn:aws:autoscaling:{region}:{account}:scalingPolicy:{name}' },
  }),
  'AWS::Backup::BackupPlan': native(),
  'AWS::Backup::BackupSelection': bridged({ note: 'No backup is taken.' }),
  'AWS::Backup::BackupVault': native({ dropped: ['AccessPolicy', 'LockConfiguration', 'Notifications'] }),
  'AWS::Backup::RestoreTestingPlan': templateOnly({
    attributes: { RestoreTestingPlanArn: 'arn:aws:backup:{region}:{account}:restore-testing-plan:{name}' },
    name: 'RestoreTestingPlanName',
  }),
  'AWS::Backup::RestoreTestingSelection': templateOnly({ name: 'RestoreTestingSelectionName' }),
  'AWS::CDK::Metadata': native(),
  'AWS::CertificateManager::Certificate': native({ note: 'Issued at once, validated by nobody.' }),
  'AWS::CloudWatch::Alarm': native({
    note: 'One over metric math is bridged; the emulator keeps its name and not its expression.',
  }),
  'AWS::CloudWatch::CompositeAlarm': bridged(),
  'AWS::CloudWatch::Dashboard': native({ dropped: ['Tags'] }),
  'AWS::CodeBuild::Project': native({ note: 'Kept by the emulator; its builds are run by the rehearsal.' }),
  'AWS::CodeDeploy::Application': bridged({ note: CODE_DEPLOY }),
  'AWS::CodeDeploy::DeploymentConfig': bridged({ note: CODE_DEPLOY }),
  'AWS::CodeDeploy::DeploymentGroup': bridged({ note: CODE_DEPLOY }),
  'AWS::CodePipeline::Pipeline': bridged({ note: 'Kept in the deployed template; the rehearsal plays it.' }),
  'AWS::Cognito::LogDeliveryConfiguration': templateOnly({ attributes: { Id: '{name}' } }),
  'AWS::Cognito::ManagedLoginBranding': templateOnly({ attributes: { ManagedLoginBrandingId: '{name}' } }),
  'AWS::Cognito::UserPool': native({
    dropped: ['WebAuthnRelyingPartyID', 'WebAuthnUserVerification'],
    note: 'Post-confirmation triggers are not called and nobody is locked out.',
  }),
  'AWS::Cognito::UserPoolClient': native({ dropped: ['RefreshTokenRotation'] }),
  'AWS::Cognito::UserPoolDomain': native(),
  'AWS::Cognito::UserPoolGroup': native(),
  'AWS::Cognito::UserPoolResourceServer': native(),
  'AWS::Cognito::UserPoolRiskConfigurationAttachment': templateOnly(),
  'AWS::DynamoDB::Table': native({
    reconciled: [
      'PointInTimeRecoverySpecification',
      'ResourcePolicy',
      'SSESpecification',
      'TimeToLiveSpecification',
    ],
    dropped: ['ContributorInsightsSpecification', 'KinesisStreamSpecification', 'TableClass'],
  }),
  'AWS::EC2::EIP': bridged(),
  'AWS::EC2::FlowLog': bridged({ note: 'No traffic is recorded.' }),
  'AWS::EC2::InternetGateway': native(),
  'AWS::EC2::NatGateway': bridged(),
  'AWS::EC2::Route': native(),
  'AWS::EC2::RouteTable': native(),
  'AWS::EC2::SecurityGroup': native({ note: 'Kept, and no packet is filtered.' }),
  'AWS::EC2::SecurityGroupEgress': bridged({ note: 'Kept, and no packet is filtered.' }),
  'AWS::EC2::SecurityGroupIngress': bridged({ note: 'Kept, and no packet is filtered.' }),
  'AWS::EC2::Subnet': native(),
  'AWS::EC2::SubnetRouteTableAssociation': native(),
  'AWS::EC2::VPC': native(),
  'AWS::EC2::VPCEndpoint': native({ dropped: ['PolicyDocument', 'PrivateDnsEnabled', 'SecurityGroupIds'] }),
  'AWS::EC2::VPCGatewayAttachment': native(),
  'AWS::ECR::Repository': native({ dropped: ['EmptyOnDelete'] }),
  'AWS::ECS::Cluster': native({ dropped: ['ServiceConnectDefaults'] }),
  'AWS::ECS::ClusterCapacityProviderAssociations': bridged(),
  'AWS::ECS::Service': bridged({ note: 'Its tasks are local processes, started from the task definition.' }),
  'AWS::ECS::TaskDefinition': bridged({
    note: 'Kept whole; CPU, memory and the read-only root are not enforced.',
  }),
  'AWS::ElasticLoadBalancingV2::Listener': native({
    reconciled: ['ListenerAttributes'],
    dropped: ['MutualAuthentication'],
    note: 'The local load balancer keeps the weights of a forward.',
  }),
  'AWS::ElasticLoadBalancingV2::ListenerRule': native({ dropped: ['Tags'] }),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': native({ dropped: ['SubnetMappings'] }),
  'AWS::ElasticLoadBalancingV2::TargetGroup': native({ dropped: ['ProtocolVersion', 'Targets'] }),
  'AWS::Events::Archive': bridged(),
  'AWS::Events::EventBus': native({
    dropped: ['DeadLetterConfig', 'KmsKeyIdentifier', 'LogConfig', 'Policy'],
  }),
  'AWS::Events::EventBusPolicy': templateOnly(),
  'AWS::Events::Rule': native(),
  'AWS::IAM::ManagedPolicy': native(),
  'AWS::IAM::Policy': native(),
  'AWS::IAM::Role': native({ reconciled: ['PermissionsBoundary'] }),
  'AWS::KMS::Alias': native(),
  'AWS::KMS::Key': native({
    dropped: ['PendingWindowInDays'],
    note: 'Whether its policy is enforced is not established.',
  }),
  'AWS::Lambda::Alias': native({
    note: 'Moves all calls at once: the emulator has no CodeDeploy to move them in steps.',
  }),
  'AWS::Lambda::EventInvokeConfig': native(),
  'AWS::Lambda::EventSourceMapping': native({ dropped: ['KmsKeyArn', 'LoggingConfig', 'MetricsConfig'] }),
  'AWS::Lambda::Function': native({
    reconciled: ['DeadLetterConfig', 'KmsKeyArn', 'ReservedConcurrentExecutions', 'VpcConfig'],
    dropped: ['CodeSigningConfigArn', 'RecursiveLoop', 'RuntimeManagementConfig'],
    note: 'Runs on this machine, with its Node.js and its processor.',
  }),
  'AWS::Lambda::Permission': native(),
  'AWS::Lambda::Version': native({ dropped: ['ProvisionedConcurrencyConfig'] }),
  'AWS::Logs::LogGroup': native({ dropped: ['DataProtectionPolicy', 'DeletionProtectionEnabled'] }),
  'AWS::Logs::MetricFilter': native(),
  'AWS::Logs::QueryDefinition': templateOnly({ attributes: { QueryDefinitionId: '{name}' } }),
  'AWS::Logs::ResourcePolicy': native(),
  'AWS::RDS::DBCluster': bridged({
    dropped: ['EnableCloudwatchLogsExports', 'PerformanceInsightsEnabled', 'DatabaseInsightsMode'],
    note: 'Described by the emulator; its endpoint is the real PostgreSQL of this machine.',
  }),
  'AWS::RDS::DBClusterParameterGroup': native({ note: 'Kept, and not given to the local PostgreSQL.' }),
  'AWS::RDS::DBInstance': native({ dropped: ['DBSubnetGroupName', 'StorageEncrypted', 'MonitoringRoleArn'] }),
  'AWS::RDS::DBSubnetGroup': native(),
  'AWS::Route53::HostedZone': native({ dropped: ['VPCs', 'QueryLoggingConfig'] }),
  'AWS::Route53::RecordSet': native(),
  'AWS::S3::Bucket': native({
    reconciled: [
      'BucketEncryption',
      'LifecycleConfiguration',
      'LoggingConfiguration',
      'ObjectLockConfiguration',
      'OwnershipControls',
      'Tags',
    ],
    dropped: [
      'AccelerateConfiguration',
      'InventoryConfigurations',
      'MetricsConfigurations',
      'ReplicationConfiguration',
    ],
  }),
  'AWS::S3::BucketPolicy': native(),
  'AWS::SES::ConfigurationSet': native({ dropped: ['VdmOptions'] }),
  'AWS::SES::ConfigurationSetEventDestination': native(),
  'AWS::SES::EmailIdentity': native({
    dropped: ['DkimSigningAttributes'],
    note: 'Mail is kept by the emulator, never sent.',
  }),
  'AWS::SES::Template': bridged(),
  'AWS::SNS::Subscription': native(),
  'AWS::SNS::Topic': native({
    reconciled: ['KmsMasterKeyId', 'SignatureVersion', 'TracingConfig'],
    dropped: ['DataProtectionPolicy', 'DeliveryStatusLogging'],
  }),
  'AWS::SNS::TopicPolicy': native(),
  'AWS::SQS::Queue': native(),
  'AWS::SQS::QueuePolicy': native(),
  'AWS::SSM::Parameter': native(),
  'AWS::SecretsManager::ResourcePolicy': bridged(),
  'AWS::SecretsManager::RotationSchedule': bridged({ note: 'Kept; the emulator never rotates.' }),
  'AWS::SecretsManager::Secret': native(),
  'AWS::WAFv2::IPSet': bridged(),
  'AWS::WAFv2::LoggingConfiguration': templateOnly({ name: 'ResourceArn' }),
  'AWS::WAFv2::WebACL': native({ note: 'Kept, and no request is filtered.' }),
  'AWS::WAFv2::WebACLAssociation': bridged(),
};

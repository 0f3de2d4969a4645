import { once } from './once';

/** What the name of a resource is made from. */
export interface Named {
  /** CloudFormation type. */
  readonly type: string;
  /** One of its properties, resolved without the others. */
  readonly property: (name: string) => unknown;
  /** Token that stands for what is made at deployment. */
  readonly token: string;
  /** Account id, or a token for it. */
  readonly account: string;
  /** Region, or a token for it. */
  readonly region: string;
}

interface Naming {
  /** Property that gives the name where it is written. */
  readonly property?: string;
  /** The ARN without `arn:aws:`, with the name, the region and the account. */
  readonly arn: (name: string, region: string, account: string) => string;
  /** Attributes that give the ARN; `Ref` where `Ref` does. */
  readonly attributes?: readonly string[];
  /** Attributes that give the name besides `Ref`. */
  readonly alsoName?: readonly string[];
}

const iam =
  (kind: string) =>
  (name: string, _region: string, account: string): string =>
    `iam::${account}:${kind}/${name}`;
const regional =
  (service: string, prefix: string) =>
  (name: string, region: string, account: string): string =>
    `${service}:${region}:${account}:${prefix}${name}`;

/** How the ARNs are formed. Source: Service Authorization Reference, the resource types of each service. */
const NAMINGS: Readonly<Record<string, Naming>> = {
  'AWS::S3::Bucket': { property: 'BucketName', arn: (name) => `s3:::${name}` },
  'AWS::DynamoDB::Table': { property: 'TableName', arn: regional('dynamodb', 'table/') },
  'AWS::DynamoDB::GlobalTable': { property: 'TableName', arn: regional('dynamodb', 'table/') },
  'AWS::SQS::Queue': { property: 'QueueName', arn: regional('sqs', ''), alsoName: ['QueueName'] },
  'AWS::SNS::Topic': {
    property: 'TopicName',
    arn: regional('sns', ''),
    attributes: ['Ref', 'TopicArn'],
    alsoName: ['TopicName'],
  },
  'AWS::KMS::Key': { arn: regional('kms', 'key/'), alsoName: ['KeyId'] },
  'AWS::SecretsManager::Secret': { arn: regional('secretsmanager', 'secret:'), attributes: ['Ref', 'Id'] },
  'AWS::Logs::LogGroup': {
    property: 'LogGroupName',
    arn: (name, region, account) => `logs:${region}:${account}:log-group:${name}:*`,
  },
  'AWS::Lambda::Function': { property: 'FunctionName', arn: regional('lambda', 'function:') },
  'AWS::IAM::Role': { property: 'RoleName', arn: iam('role') },
  'AWS::IAM::User': { property: 'UserName', arn: iam('user') },
  'AWS::IAM::Group': { property: 'GroupName', arn: iam('group') },
  'AWS::IAM::ManagedPolicy': {
    property: 'ManagedPolicyName',
    arn: iam('policy'),
    attributes: ['Ref', 'PolicyArn'],
  },
  'AWS::RDS::DBCluster': {
    property: 'DBClusterIdentifier',
    arn: regional('rds', 'cluster:'),
    attributes: ['DBClusterArn'],
  },
  'AWS::RDS::DBInstance': {
    property: 'DBInstanceIdentifier',
    arn: regional('rds', 'db:'),
    attributes: ['DBInstanceArn'],
  },
  'AWS::Backup::BackupVault': {
    property: 'BackupVaultName',
    arn: regional('backup', 'backup-vault:'),
    attributes: ['BackupVaultArn'],
    alsoName: ['BackupVaultName'],
  },
  'AWS::Cognito::UserPool': { arn: regional('cognito-idp', 'userpool/'), alsoName: ['UserPoolId'] },
  'AWS::Kinesis::Stream': { property: 'Name', arn: regional('kinesis', 'stream/') },
  'AWS::Events::EventBus': { property: 'Name', arn: regional('events', 'event-bus/') },
  'AWS::CloudTrail::Trail': { property: 'TrailName', arn: regional('cloudtrail', 'trail/') },
  'AWS::EC2::FlowLog': { arn: regional('ec2', 'vpc-flow-log/') },
  'AWS::EFS::FileSystem': { arn: regional('elasticfilesystem', 'file-system/') },
  'AWS::OpenSearchService::Domain': { property: 'DomainName', arn: regional('es', 'domain/') },
  'AWS::ElastiCache::ReplicationGroup': {
    property: 'ReplicationGroupId',
    arn: regional('elasticache', 'replicationgroup:'),
  },
};

const MASTER_SECRET = 'MasterUserSecret.SecretArn';

function partOf({ token }: Named, attribute: string): string {
  return `${token.slice(0, -1)}|${attribute}»`;
}

/** The physical name: as it is written, or a token for the one that is made. */
export function nameOf(named: Named): string {
  const property = NAMINGS[named.type]?.property;
  const written = property === undefined ? undefined : named.property(property);
  return typeof written === 'string' ? written : named.token;
}

/** The ARN; a token where the form of it is not known here. */
export const arnOf = once((named: Named): string => {
  const naming = NAMINGS[named.type];
  return naming ? `arn:aws:${naming.arn(nameOf(named), named.region, named.account)}` : partOf(named, 'Arn');
});

/** What `Ref` gives for it. */
export function refOf(named: Named): string {
  return NAMINGS[named.type]?.attributes?.includes('Ref') === true ? arnOf(named) : nameOf(named);
}

/** What `Fn::GetAtt` gives for it. */
export function attributeOf(named: Named, attribute: string): string {
  const naming = NAMINGS[named.type];
  if (naming && (attribute === 'Arn' || naming.attributes?.includes(attribute))) return arnOf(named);
  if (naming?.alsoName?.includes(attribute)) return nameOf(named);
  if (attribute === MASTER_SECRET) return masterSecretOf(named);
  return partOf(named, attribute);
}

/** The ARN of the secret that a database makes for its master user. */
export function masterSecretOf(named: Named): string {
  return `arn:aws:secretsmanager:${named.region}:${named.account}:secret:${partOf(named, 'MasterUserSecret')}`;
}

/** The resource id of a cluster or an instance, which `rds-db:connect` names. */
export function databaseIdOf(named: Named): string {
  return partOf(named, named.type === 'AWS::RDS::DBCluster' ? 'DBClusterResourceId' : 'DbiResourceId');
}

import { expectThat, failure, type Subject, type TemplateRule, type Verdict } from './rule';
import { refusesPlainHttp } from './statements';
import { at, isCustomerKey, isTrue, list, record, siblingsOf, target } from './values';

const BUCKET = ['AWS::S3::Bucket'];
const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

function blocksPublicAccess({ properties }: Subject): Verdict {
  const block = properties['PublicAccessBlockConfiguration'];
  const missing = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].find(
    (name) => !isTrue(at(block, name)),
  );
  return missing === undefined
    ? 'compliant'
    : failure(`Properties.PublicAccessBlockConfiguration.${missing}`, at(block, missing), 'true');
}

function encryptedByOwnKey({ properties }: Subject): Verdict {
  const rules = list(at(properties['BucketEncryption'], 'ServerSideEncryptionConfiguration'));
  const holds =
    rules.length > 0 &&
    rules.every((rule) => isCustomerKey(at(rule, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID')));
  return expectThat(
    holds,
    'Properties.BucketEncryption',
    properties['BucketEncryption'],
    'a customer managed key',
  );
}

function tlsOnly(subject: Subject): Verdict {
  const own = siblingsOf(subject, 'AWS::S3::BucketPolicy').filter(
    ({ Properties }) => target(Properties?.['Bucket']) === subject.logicalId,
  );
  const holds = own.some(({ Properties }) => refusesPlainHttp(Properties?.['PolicyDocument'], 's3:*'));
  return expectThat(
    holds,
    'AWS::S3::BucketPolicy',
    own.length,
    'a statement that denies s3:* to all without TLS',
  );
}

/** A table's recovery and encryption stand on each replica of a GlobalTable, and on the table itself otherwise. */
function eachReplica(subject: Subject): readonly unknown[] {
  return subject.resource.Type === 'AWS::DynamoDB::GlobalTable'
    ? list(subject.properties['Replicas'])
    : [subject.properties];
}

function recovers(subject: Subject): Verdict {
  const places = eachReplica(subject);
  const holds =
    places.length > 0 &&
    places.every((p) => isTrue(at(p, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled')));
  return expectThat(holds, 'PointInTimeRecoverySpecification', places, 'PointInTimeRecoveryEnabled true');
}

function tableEncrypted(subject: Subject): Verdict {
  const type = at(subject.properties['SSESpecification'], 'SSEType');
  const keys = eachReplica(subject).map((p) => at(p, 'SSESpecification', 'KMSMasterKeyId'));
  const holds = type === 'KMS' && keys.length > 0 && keys.every(isCustomerKey);
  return expectThat(
    holds,
    'SSESpecification',
    subject.properties['SSESpecification'],
    'KMS and a customer managed key',
  );
}

const RECOVERY = ['164.308(a)(7)(i)', '164.308(a)(7)(ii)(A)', '164.308(a)(7)(ii)(B)'];
const AT_REST = ['164.312(a)(2)(iv)', '164.312(e)(2)(ii)'];

/** Rules over buckets, tables, databases and what keeps them. */
export const storageRules: readonly TemplateRule[] = [
  {
    id: 'TemplateS3Versioned',
    controls: [...RECOVERY, '164.312(c)(1)', '164.312(c)(2)'],
    rationale: 'Without versions an overwritten or deleted object is gone.',
    mend: 'set versioned: true and remove any override of VersioningConfiguration',
    types: BUCKET,
    check: ({ properties }: Subject): Verdict => {
      const status = at(properties['VersioningConfiguration'], 'Status');
      return expectThat(
        status === 'Enabled',
        'Properties.VersioningConfiguration.Status',
        status,
        '"Enabled"',
      );
    },
  },
  {
    id: 'TemplateS3PublicAccessBlocked',
    controls: ['164.308(a)(3)(i)', '164.308(a)(4)(ii)(A)', '164.312(a)(1)', '164.312(e)(1)'],
    rationale: 'One policy or ACL written by mistake would publish the bucket.',
    mend: 'set blockPublicAccess: BlockPublicAccess.BLOCK_ALL and remove any override of it',
    types: BUCKET,
    check: blocksPublicAccess,
  },
  {
    id: 'TemplateS3Encrypted',
    controls: AT_REST,
    rationale: 'Only a key of ours lets us say who may decrypt, and withdraw it.',
    mend: 'set encryptionKey to the key of the data class',
    types: BUCKET,
    check: encryptedByOwnKey,
  },
  {
    id: 'TemplateS3TlsOnly',
    controls: ['164.312(a)(2)(iv)', '164.312(e)(1)', '164.312(e)(2)(i)', '164.312(e)(2)(ii)'],
    rationale: 'Without the statement the bucket also answers over plain HTTP.',
    mend: 'set enforceSSL: true and keep the bucket policy in the same stack',
    types: BUCKET,
    check: tlsOnly,
  },
  {
    id: 'TemplateDynamoDbRecovery',
    controls: RECOVERY,
    rationale: 'Without point-in-time recovery a bad write cannot be undone.',
    mend: 'set pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true }, for every replica',
    types: TABLES,
    check: recovers,
  },
  {
    id: 'TemplateDynamoDbEncrypted',
    controls: AT_REST,
    rationale: 'Only a key of ours lets us say who may decrypt, and withdraw it.',
    mend: 'set encryption to a customer managed key, for every replica',
    types: TABLES,
    check: tableEncrypted,
  },
  {
    id: 'TemplateRdsEncrypted',
    controls: AT_REST,
    rationale: 'The storage of a database cannot be encrypted later without replacing it.',
    mend: 'set storageEncryptionKey',
    types: ['AWS::RDS::DBCluster'],
    check: ({ properties }) =>
      expectThat(
        isTrue(properties['StorageEncrypted']) && isCustomerKey(properties['KmsKeyId']),
        'Properties.StorageEncrypted',
        properties['StorageEncrypted'],
        'true, with a customer managed KmsKeyId',
      ),
  },
  {
    id: 'TemplateRdsTlsOnly',
    controls: ['164.312(e)(1)', '164.312(e)(2)(i)', '164.312(e)(2)(ii)'],
    rationale: 'PostgreSQL also answers clients that do not encrypt.',
    mend: "set parameters: { 'rds.force_ssl': '1' }",
    types: ['AWS::RDS::DBClusterParameterGroup'],
    check: ({ properties: { Family: family, Parameters: parameters } }: Subject): Verdict => {
      if (typeof family !== 'string' || !family.includes('postgres')) return 'not-applicable';
      const forced = at(parameters, 'rds.force_ssl');
      return expectThat(String(forced) === '1', 'Properties.Parameters.rds.force_ssl', forced, '"1"');
    },
  },
  {
    id: 'TemplateDynamoDbProtected',
    controls: RECOVERY,
    rationale: 'One call deletes a table and what its point-in-time recovery would restore.',
    mend: 'set deletionProtection: true',
    types: TABLES,
    check: (subject: Subject): Verdict => {
      if (!subject.production) return 'not-applicable';
      const places = eachReplica(subject).map((place) => at(place, 'DeletionProtectionEnabled'));
      return expectThat(
        places.length > 0 && places.every(isTrue),
        'DeletionProtectionEnabled',
        places,
        'true, for every replica',
      );
    },
  },
  {
    id: 'TemplateCacheEncrypted',
    controls: [...AT_REST, '164.312(e)(1)'],
    rationale: 'A cache holds copies of what it is asked for.',
    mend: 'set atRestEncryptionEnabled, transitEncryptionEnabled and kmsKeyId',
    types: ['AWS::ElastiCache::ReplicationGroup'],
    check: ({ properties }: Subject): Verdict => {
      const holds =
        isTrue(properties['AtRestEncryptionEnabled']) &&
        isTrue(properties['TransitEncryptionEnabled']) &&
        isCustomerKey(properties['KmsKeyId']);
      return expectThat(
        holds,
        'Properties.AtRestEncryptionEnabled',
        properties['AtRestEncryptionEnabled'],
        'true, as TransitEncryptionEnabled, with a customer managed KmsKeyId',
      );
    },
  },
  {
    id: 'TemplateStatefulKept',
    controls: ['164.308(a)(7)(i)', '164.312(c)(1)'],
    rationale: 'A renamed construct in production would delete the data with the old resource.',
    mend: 'set removalPolicy: RemovalPolicy.RETAIN (or SNAPSHOT), as environment.removal says',
    types: [
      ...BUCKET,
      ...TABLES,
      'AWS::RDS::DBCluster',
      'AWS::KMS::Key',
      'AWS::Cognito::UserPool',
      'AWS::Backup::BackupVault',
    ],
    check: ({ resource, production }: Subject): Verdict => {
      if (!production) return 'not-applicable';
      const policies = record({
        DeletionPolicy: resource.DeletionPolicy,
        UpdateReplacePolicy: resource.UpdateReplacePolicy,
      });
      const holds = Object.values(policies).every((policy) => policy === 'Retain' || policy === 'Snapshot');
      return expectThat(holds, 'DeletionPolicy', policies, '"Retain" or "Snapshot" for both');
    },
  },
  {
    id: 'TemplateBackupVaultEncrypted',
    controls: AT_REST,
    rationale: 'Recovery points hold the same data as what they were made from.',
    mend: 'set encryptionKey on the vault',
    types: ['AWS::Backup::BackupVault'],
    check: ({ properties: { EncryptionKeyArn: key } }) =>
      expectThat(isCustomerKey(key), 'Properties.EncryptionKeyArn', key, 'a customer managed key'),
  },
];

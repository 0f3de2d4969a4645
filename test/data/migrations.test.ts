import { Match, Template } from 'aws-cdk-lib/assertions';
import { rdsAuthorities } from '../../lib/migrations/connection';
import { dataOf, idOf, template } from './stacks';
import { testEnvironment } from '../support/app';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: unknown;
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** What the policies of a role say, by Sid. */
function statementsOf(t: Template, role: string): readonly Statement[] {
  return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => Object.values(t.findResources(type)))
    .map(({ Properties }) => Properties as { Roles: unknown; PolicyDocument: { Statement: Statement[] } })
    .filter(({ Roles }) => JSON.stringify(Roles).includes(role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const RUNNER = 'MigrationsRunner';
const PREPARER = 'MigrationsPreparer';

test('the runner stands with the database’s clients, one copy at a time, never tried again, for as long as Lambda lets it', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Description: 'Migrates the database, one run at a time',
    Timeout: 900,
    ReservedConcurrentExecutions: 1,
    VpcConfig: {
      SecurityGroupIds: [{ 'Fn::ImportValue': Match.stringLikeRegexp('SecurityGroupsMigrations') }],
    },
    Environment: {
      Variables: Match.objectLike({ DATABASE_USER: 'telehealth_migrator', DATABASE_REGION: 'us-east-1' }),
    },
  });
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: Match.stringLikeRegexp(`^${RUNNER}Function`) },
    MaximumRetryAttempts: 0,
  });
});

test('the runner signs in as the migration role and no other, and has no way to the master secret', () => {
  const statements = statementsOf(template, `${RUNNER}Role`);
  expect(statements.find(({ Sid }) => Sid === 'SignInAsMigrator')).toMatchObject({
    Action: 'rds-db:connect',
    Resource: {
      'Fn::Join': [
        '',
        [
          'arn:aws:rds-db:us-east-1:333333333333:dbuser:',
          { 'Fn::GetAtt': [idOf('AWS::RDS::DBCluster', 'DatabaseCluster'), 'DBClusterResourceId'] },
          '/telehealth_migrator',
        ],
      ],
    },
  });
  expect(JSON.stringify(statements)).not.toMatch(/secretsmanager|rds:/);
});

test('the preparer reads one secret, by its key for that secret alone, and signs in by nothing else', () => {
  const statements = statementsOf(template, `${PREPARER}Role`);
  const arn = {
    'Fn::GetAtt': [idOf('AWS::RDS::DBCluster', 'DatabaseCluster'), 'MasterUserSecret.SecretArn'],
  };
  expect(statements.find(({ Sid }) => Sid === 'ReadMasterSecret')).toMatchObject({
    Action: 'secretsmanager:GetSecretValue',
    Resource: arn,
  });
  expect(statements.find(({ Sid }) => Sid === 'DecryptMasterSecret')).toMatchObject({
    Action: 'kms:Decrypt',
    Resource: { 'Fn::GetAtt': [idOf('AWS::KMS::Key', 'KeysPhi'), 'Arn'] },
    Condition: {
      StringEquals: {
        'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com',
        'kms:EncryptionContext:SecretARN': arn,
      },
    },
  });
  expect(JSON.stringify(statements)).not.toContain('rds-db:connect');
});

test('a failed migration raises an alarm of this environment’s own', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'Telehealth',
    MetricName: 'MigrationsFailed',
    Dimensions: Match.arrayWith([{ Name: 'environment', Value: 'prod' }]),
    Threshold: 1,
    AlarmDescription: Match.stringLikeRegexp('docs/runbooks/migrations-failed.md$'),
  });
});

test('who calls the runner finds it in the outputs, with the release that its migrations belong to', () => {
  const outputs = template.findOutputs('*');
  expect(outputs['MigrationRunnerName']?.['Value']).toEqual({
    Ref: idOf('AWS::Lambda::Function', `${RUNNER}Function`),
  });
  expect(outputs['PrepareDatabaseName']?.['Value']).toEqual({
    Ref: idOf('AWS::Lambda::Function', `${PREPARER}Function`),
  });
  expect(outputs['Release']?.['Value']).toBe(`0.1.0+${'0'.repeat(12)}`);
});

test('a region whose databases nobody could vouch for fails the synth', () => {
  expect(() => rdsAuthorities('il-central-1')).toThrow();
  expect(() => dataOf({ ...testEnvironment(), region: 'il-central-1' })).toThrow(/il-central-1/);
});

describe('what the pipeline becomes to migrate', () => {
  const deployed = Template.fromStack(dataOf(testEnvironment(), '444444444444'));

  /** One role of the pipeline's account may take a caller, by name, and nobody else. */
  const expectTakenBy = (caller: string, task: string): void => {
    deployed.hasResourceProperties('AWS::IAM::Role', {
      RoleName: `telehealth-prod-${caller}-caller`,
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::444444444444:root' },
            Condition: {
              ArnEquals: {
                'aws:PrincipalArn': `arn:aws:iam::444444444444:role/telehealth-pipeline-${task}-prod`,
              },
            },
          },
        ],
      },
    });
  };

  test('one role of the pipeline’s account may take it, by name: that of migrations', () => {
    expectTakenBy('migration', 'migrate');
  });

  test('it calls two functions, sees this stack, and takes snapshots of this cluster', () => {
    const statements = statementsOf(deployed, 'MigrationCaller');
    expect(statements.map(({ Sid, Action }) => [Sid, Action])).toEqual([
      ['CallRunner', 'lambda:InvokeFunction'],
      ['FindRunner', 'cloudformation:DescribeStacks'],
      ['MarkRestorePoint', ['rds:CreateDBClusterSnapshot', 'rds:DescribeDBClusters']],
      ['TakeSnapshot', ['rds:CreateDBClusterSnapshot', 'rds:DescribeDBClusterSnapshots']],
    ]);
    expect(JSON.stringify(statements.map(({ Resource }) => Resource))).not.toContain('"*"');
    expect(JSON.stringify(statements.at(-1)?.Resource)).toContain('-before-*');
  });

  test('who goes back is taken by that step alone, finds one function that only looks, and calls no other', () => {
    expectTakenBy('rollback', 'rollback');
    const teller = Object.entries(deployed.findResources('AWS::Lambda::Function')).find(
      ([, { Properties }]) =>
        (Properties as { Environment: { Variables: Record<string, unknown> } }).Environment.Variables[
          'ONLY_LOOKS'
        ] === 'yes',
    )?.[0];
    expect(teller).toMatch(/^MigrationsTeller/);
    expect(statementsOf(deployed, 'RollbackCaller')).toEqual([
      {
        ...{ Sid: 'FindFunction', Effect: 'Allow', Action: 'cloudformation:DescribeStacks' },
        Resource: { Ref: 'AWS::StackId' },
      },
      {
        ...{ Sid: 'AskForMigrations', Effect: 'Allow', Action: 'lambda:InvokeFunction' },
        Resource: { 'Fn::GetAtt': [teller, 'Arn'] },
      },
    ]);
  });

  test('where no pipeline deploys there is none of these roles', () => {
    expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).not.toMatch(
      /(migration|rollback)-caller/,
    );
  });
});

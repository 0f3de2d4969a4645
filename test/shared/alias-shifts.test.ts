import { Match, Template } from 'aws-cdk-lib/assertions';
import { preTokenGenerationSchema } from '../../lambda/pre-token-generation/env';
import type { EnvironmentInput } from '../../lib/config/schema';
import { AliasShifts } from '../../lib/shared/alias-shifts';
import { Handler } from '../../lib/shared/handler';
import { surroundings } from '../auth/support';
import { testApp, testEnvironment } from '../support/app';

type Release = EnvironmentInput['release'];

function shifted(release: Release): Template {
  const environment = testEnvironment({ release, tier: 'staging' });
  const { stack, network, operations } = surroundings(testApp(), environment);
  const handler = new Handler(stack, 'Handler', {
    environment,
    operations,
    vpc: network.vpc,
    securityGroup: network.securityGroups.functions,
    name: 'pre-token-generation',
    description: 'For a test',
    schema: preTokenGenerationSchema,
    variables: {},
  });
  new AliasShifts(stack, 'Live', { environment, operations, handlers: { tokens: { handler } } });
  return Template.fromStack(stack);
}

/** The logical id of the one resource of a type. */
function only(template: Template, type: string): string {
  const [id, ...others] = Object.keys(template.findResources(type));
  expect(others).toEqual([]);
  return id ?? '';
}

/** The logical id of the function, as against that which empties the VPC's default group. */
function shiftedFunction(template: Template): string {
  return (
    Object.keys(template.findResources('AWS::Lambda::Function')).find((id) => id.startsWith('Handler')) ?? ''
  );
}

const CANARY: Release = { strategy: 'canary', percentage: 10, intervalMinutes: 5 };

test.each<[string, Release]>([
  ['AllAtOnce', { strategy: 'all-at-once' }],
  ['Canary10Percent5Minutes', CANARY],
  ['Canary10Percent10Minutes', { strategy: 'canary', percentage: 10, intervalMinutes: 10 }],
  ['Linear10PercentEvery1Minute', { strategy: 'linear', percentage: 10, intervalMinutes: 1 }],
  ['Linear10PercentEvery2Minutes', { strategy: 'linear', percentage: 10, intervalMinutes: 2 }],
])('calls move by CodeDeployDefault.Lambda%s', (name, release) => {
  const template = shifted(release);
  template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
    DeploymentConfigName: `CodeDeployDefault.Lambda${name}`,
  });
  template.resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 0);
});

test('other shares and intervals are a configuration of its own', () => {
  shifted({ strategy: 'linear', percentage: 20, intervalMinutes: 3 }).hasResourceProperties(
    'AWS::CodeDeploy::DeploymentConfig',
    {
      ComputePlatform: 'Lambda',
      TrafficRoutingConfig: {
        Type: 'TimeBasedLinear',
        TimeBasedLinear: { LinearPercentage: 20, LinearInterval: 3 },
      },
    },
  );
});

test('the alias is moved by CodeDeploy, to a version that CloudFormation has published', () => {
  const template = shifted(CANARY);
  template.hasResource('AWS::Lambda::Alias', {
    Properties: {
      Name: 'live',
      FunctionVersion: { 'Fn::GetAtt': [only(template, 'AWS::Lambda::Version'), 'Version'] },
    },
    UpdatePolicy: {
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: { Ref: only(template, 'AWS::CodeDeploy::Application') },
        DeploymentGroupName: { Ref: only(template, 'AWS::CodeDeploy::DeploymentGroup') },
      },
    },
  });
});

test('a failed call of the alias takes it back, and people are told', () => {
  const template = shifted(CANARY);
  template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
    AlarmConfiguration: { Enabled: true, Alarms: [{ Name: { Ref: Match.stringLikeRegexp('Failing') } }] },
    AutoRollbackConfiguration: {
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
    },
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    Dimensions: Match.arrayWith([
      {
        Name: 'Resource',
        Value: { 'Fn::Join': ['', [{ Ref: shiftedFunction(template) }, ':live']] },
      },
    ]),
    AlarmActions: [Match.anyValue()],
  });
});

test('CodeDeploy may move these aliases and no other', () => {
  const template = shifted(CANARY);
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Principal: { Service: 'codedeploy.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '333333333333' } },
        },
      ],
    },
    ManagedPolicyArns: Match.absent(),
  });
  const arn = { 'Fn::GetAtt': [shiftedFunction(template), 'Arn'] };
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: [
        {
          Action: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
          Resource: [arn, { 'Fn::Join': ['', [arn, ':live']] }],
        },
        { Action: 'cloudwatch:DescribeAlarms', Resource: '*' },
      ],
    },
  });
});

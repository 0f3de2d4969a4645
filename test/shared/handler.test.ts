import { Match, Template } from 'aws-cdk-lib/assertions';
import type * as cdk from 'aws-cdk-lib';
import { preSignUpSchema } from '../../lambda/pre-sign-up/env';
import { Handler } from '../../lib/shared/handler';
import { surroundings } from '../auth/support';
import { testApp, testEnvironment } from '../support/app';

function handlerIn(SIGN_UP_DOMAINS: string): cdk.Stack {
  const environment = testEnvironment();
  const { stack, network, operations } = surroundings(testApp(), environment);
  new Handler(stack, 'Handler', {
    environment,
    operations,
    vpc: network.vpc,
    securityGroup: network.securityGroups.functions,
    name: 'pre-sign-up',
    description: 'For a test',
    schema: preSignUpSchema,
    variables: { SIGN_UP_DOMAINS },
  });
  return stack;
}

let template: Template;

beforeAll(() => {
  template = Template.fromStack(handlerIn('[]'));
});

test('runs node 24 on arm64, traced, bounded, in the VPC, with its variables under a key of ours', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Timeout: 5,
    ReservedConcurrentExecutions: 10,
    TracingConfig: { Mode: 'Active' },
    KmsKeyArn: Match.anyValue(),
    VpcConfig: { SecurityGroupIds: [Match.anyValue()], SubnetIds: Match.anyValue() },
    DeadLetterConfig: { TargetArn: Match.anyValue() },
    LoggingConfig: { LogGroup: Match.anyValue() },
    Environment: {
      Variables: { SIGN_UP_DOMAINS: '[]', POWERTOOLS_SERVICE_NAME: 'pre-sign-up' },
    },
  });
});

test('its log is encrypted and kept as configured, its dead letters encrypted and reached over TLS alone', () => {
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90, KmsKeyId: Match.anyValue() });
  template.hasResourceProperties('AWS::SQS::Queue', {
    KmsMasterKeyId: Match.anyValue(),
    MessageRetentionPeriod: 14 * 24 * 60 * 60,
  });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ],
    },
  });
});

test('its role writes one log and joins the network, and its code may not call the network API', () => {
  const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
  const statements = (
    policy as {
      Properties: { PolicyDocument: { Statement: { Sid?: string; Effect: string; Resource: unknown }[] } };
    }
  ).Properties.PolicyDocument.Statement;
  const open = statements.filter(({ Effect, Resource }) => Effect === 'Allow' && Resource === '*');
  // Descriptions of EC2 and the writing of traces, which have no resource level.
  expect(open).toEqual([
    expect.objectContaining({
      Sid: 'SeeNetwork',
      Action: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
    }),
    expect.objectContaining({ Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] }),
  ]);
  expect(statements).toContainEqual(
    expect.objectContaining({ Sid: 'KeepCodeOffTheNetworkApi', Effect: 'Deny' }),
  );
  template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
});

test('a variable that is known to be wrong stops the synth and is named', () => {
  expect(() => handlerIn('[{"emailDomain":1}]')).toThrow(
    /^The variables of the handler "pre-sign-up" are wrong:\n {2}SIGN_UP_DOMAINS: /,
  );
});

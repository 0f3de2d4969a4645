import * as fs from 'node:fs';
import * as path from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ROLES } from '../../lambda/shared/roles';
import type { AuthStack } from '../../lib/auth/auth-stack';
import { testEnvironment } from '../support/app';
import { normalisedTemplate } from '../support/snapshot';
import { authStack } from './support';

const DOMAINS = [{ emailDomain: 'clinic.example', organisation: 'demo-clinic', role: 'SUPPORT' as const }];

let stack: AuthStack;
let template: Template;

beforeAll(() => {
  stack = authStack(testEnvironment());
  template = Template.fromStack(stack);
});

const propertiesOf = (type: string, from = template): Record<string, unknown>[] =>
  Object.values(from.findResources(type)).map(
    (resource) => (resource as { Properties: Record<string, unknown> }).Properties,
  );

test('the stack is what it was', () => {
  expect(normalisedTemplate(stack)).toMatchSnapshot();
});

test('people sign in by an address in any case, with a second factor that is never a text message', () => {
  template.hasResourceProperties('AWS::Cognito::UserPool', {
    UsernameAttributes: ['email'],
    UsernameConfiguration: { CaseSensitive: false },
    MfaConfiguration: 'ON',
    EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    SmsConfiguration: Match.absent(),
    UserPoolTier: 'PLUS',
    UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
    DeletionProtection: 'ACTIVE',
    Policies: {
      PasswordPolicy: {
        MinimumLength: 12,
        RequireLowercase: true,
        RequireUppercase: true,
        RequireNumbers: true,
        RequireSymbols: true,
        PasswordHistorySize: 12,
        TemporaryPasswordValidityDays: 3,
      },
    },
  });
  template.hasResource('AWS::Cognito::UserPool', { DeletionPolicy: 'Retain' });
});

test('an environment that may be destroyed is not protected', () => {
  const destroyable = Template.fromStack(authStack(testEnvironment({ removal: 'destroy', tier: 'staging' })));
  destroyable.hasResource('AWS::Cognito::UserPool', {
    DeletionPolicy: 'Delete',
    Properties: { DeletionProtection: 'INACTIVE' },
  });
});

test('the groups are the ten roles, in their order', () => {
  const groups = propertiesOf('AWS::Cognito::UserPoolGroup');
  expect(
    groups
      .toSorted((a, b) => Number(a['Precedence']) - Number(b['Precedence']))
      .map(({ GroupName }) => GroupName),
  ).toEqual(ROLES);
});

test('people sign up by themselves only where domains are configured', () => {
  const adminOnly = (AllowAdminCreateUserOnly: boolean): object => ({
    AdminCreateUserConfig: { AllowAdminCreateUserOnly },
  });
  template.hasResourceProperties('AWS::Cognito::UserPool', adminOnly(true));
  const open = Template.fromStack(authStack(testEnvironment({ signUp: { domains: DOMAINS } })));
  open.hasResourceProperties('AWS::Cognito::UserPool', adminOnly(false));
  open.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { SIGN_UP_DOMAINS: JSON.stringify(DOMAINS) } },
  });
});

test('every client is public, short-lived, revocable and writes nothing that the platform decides by', () => {
  const clients = propertiesOf('AWS::Cognito::UserPoolClient');
  for (const client of clients) {
    expect(client).toMatchObject({
      GenerateSecret: false,
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
      WriteAttributes: ['email', 'family_name', 'given_name'],
    });
    expect(client['ExplicitAuthFlows']).not.toContain('ALLOW_USER_PASSWORD_AUTH');
  }
  expect(
    clients.map(({ ExplicitAuthFlows, AccessTokenValidity, IdTokenValidity, RefreshTokenValidity }) => [
      ExplicitAuthFlows,
      AccessTokenValidity,
      IdTokenValidity,
      RefreshTokenValidity,
    ]),
  ).toEqual([
    [['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'], 15, 15, 10080],
    [['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'], 15, 15, 10080],
    // The synthetic person's: nothing prolongs a sign-in.
    [['ALLOW_ADMIN_USER_PASSWORD_AUTH'], 5, 5, 60],
  ]);
});

test('the triggers are version 2 of the token trigger and the two of sign-up, each callable by this pool alone', () => {
  template.hasResourceProperties('AWS::Cognito::UserPool', {
    LambdaConfig: {
      PreSignUp: Match.anyValue(),
      PostConfirmation: Match.anyValue(),
      PreTokenGenerationConfig: { LambdaArn: Match.anyValue(), LambdaVersion: 'V2_0' },
    },
  });
  const [pool] = Object.keys(template.findResources('AWS::Cognito::UserPool'));
  const permissions = propertiesOf('AWS::Lambda::Permission').filter(
    ({ Principal }) => Principal !== 'secretsmanager.amazonaws.com',
  );
  expect(permissions).toHaveLength(3);
  for (const permission of permissions)
    expect(permission).toMatchObject({
      Principal: 'cognito-idp.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [pool, 'Arn'] },
    });
});

test('the pool calls the live alias of each trigger, and may call nothing else', () => {
  const aliases = Object.keys(template.findResources('AWS::Lambda::Alias'));
  expect(aliases).toHaveLength(3);
  const [pool] = propertiesOf('AWS::Cognito::UserPool');
  const called = [...JSON.stringify(pool?.['LambdaConfig']).matchAll(/"Ref":"(\w+)"/g)].map(([, id]) => id);
  expect(called.toSorted()).toEqual(aliases.toSorted());
  const allowed = propertiesOf('AWS::Lambda::Permission')
    .filter(({ Principal }) => Principal === 'cognito-idp.amazonaws.com')
    .map(({ FunctionName }) => FunctionName);
  expect(new Set(allowed)).toEqual(new Set(aliases.map((Ref) => ({ Ref }))));
});

test('a refused sign-up stops no release of the trigger that refuses', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Metrics: Match.arrayWith([
      Match.objectLike({ Expression: 'FILL(errors, 0) - FILL(refusals, 0)' }),
      Match.objectLike({
        MetricStat: Match.objectLike({
          Metric: {
            Namespace: 'Telehealth',
            MetricName: 'SignUpRefused',
            Dimensions: [{ Name: 'service', Value: 'pre-sign-up' }],
          },
        }),
      }),
    ]),
  });
});

test('only the post-confirmation trigger may touch people who are no synthetic ones, two actions on this pool', () => {
  const [pool] = Object.keys(template.findResources('AWS::Cognito::UserPool'));
  const touching = propertiesOf('AWS::IAM::ManagedPolicy').filter((one) =>
    JSON.stringify(one).includes('cognito-idp:'),
  );
  expect(touching).toHaveLength(1);
  const [policy] = touching;
  expect(policy?.['PolicyDocument']).toMatchObject({
    Statement: [
      {
        Action: ['cognito-idp:AdminAddUserToGroup', 'cognito-idp:AdminUpdateUserAttributes'],
        Effect: 'Allow',
        Resource: { 'Fn::GetAtt': [pool, 'Arn'] },
      },
    ],
  });
});

test('high risk and leaked passwords are blocked, other risk asks for the second factor', () => {
  template.hasResourceProperties('AWS::Cognito::UserPoolRiskConfigurationAttachment', {
    ClientId: 'ALL',
    CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: 'BLOCK' } },
    AccountTakeoverRiskConfiguration: {
      Actions: { HighAction: { EventAction: 'BLOCK' }, MediumAction: { EventAction: 'MFA_REQUIRED' } },
    },
  });
});

test('only tasks of this account and region take the role of the API, which is allowed nothing here', () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Action: 'sts:AssumeRole',
          Principal: { Service: 'ecs-tasks.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '333333333333' },
            ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:us-east-1:333333333333:*' },
          },
        },
      ],
    },
    ManagedPolicyArns: Match.absent(),
    Policies: Match.absent(),
  });
});

test('more than twenty failed sign-ins in five minutes raise an alarm', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 20,
    ComparisonOperator: 'GreaterThanThreshold',
    AlarmActions: [Match.anyValue()],
    Metrics: Match.arrayWith([
      Match.objectLike({
        Expression: ['web', 'api', 'synthetic']
          .map((client) => `FILL(${client}Tries, 0) - FILL(${client}Successes, 0)`)
          .join(' + '),
      }),
    ]),
  });
});

test('every alarm is sent on and names a runbook that exists', () => {
  const alarms = propertiesOf('AWS::CloudWatch::Alarm');
  expect(alarms).toHaveLength(21);
  for (const alarm of alarms) {
    expect(alarm['AlarmActions']).toHaveLength(1);
    const runbook = /Runbook: (docs\/runbooks\/\S+\.md)$/.exec(String(alarm['AlarmDescription']))?.[1];
    expect(fs.existsSync(path.join(__dirname, '../..', runbook ?? 'none'))).toBe(true);
  }
});

describe('sign-in pages', () => {
  test('stand at auth.<domain> with a certificate and code flow when there is a domain', () => {
    template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { Domain: 'auth.care.example.org' });
    template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: 'auth.care.example.org',
      ValidationMethod: 'DNS',
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'auth.care.example.org.', Type: 'A' });
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      AllowedOAuthFlows: ['code'],
      CallbackURLs: ['https://care.example.org/auth/callback'],
    });
  });

  test('take the certificate that is named', () => {
    const authCertificateArn =
      'arn:aws:acm:us-east-1:333333333333:certificate/00000000-0000-4000-8000-000000000003';
    const elsewhere = Template.fromStack(
      authStack(
        testEnvironment({
          region: 'eu-west-1',
          availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
          domain: { name: 'care.example.org', hostedZoneId: 'Z0123456789EXAMPLE00', authCertificateArn },
        }),
      ),
    );
    elsewhere.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    elsewhere.hasResourceProperties('AWS::Cognito::UserPoolDomain', {
      CustomDomainConfig: { CertificateArn: authCertificateArn },
    });
  });

  test('are refused outside us-east-1 without one', () => {
    const environment = testEnvironment();
    expect(() => authStack({ ...environment, region: 'eu-west-1' })).toThrow('set domain.authCertificateArn');
  });

  test('are not there without a domain, and neither is OAuth', () => {
    const { domain, ...rest } = testEnvironment();
    expect(domain).toBeDefined();
    const without = Template.fromStack(authStack(rest));
    without.resourceCountIs('AWS::Cognito::UserPoolDomain', 0);
    for (const client of propertiesOf('AWS::Cognito::UserPoolClient', without))
      expect(client['AllowedOAuthFlows']).toBeUndefined();
  });
});

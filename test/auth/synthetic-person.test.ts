import { Match, Template } from 'aws-cdk-lib/assertions';
import { SYNTHETIC } from '../../lib/identity/synthetic';
import { testEnvironment } from '../support/app';
import { authStack } from './support';

const template = Template.fromStack(authStack(testEnvironment()));

interface Statement {
  readonly Sid?: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

const idOf = (type: string, part: string): string =>
  Object.keys(template.findResources(type)).find((id) => id.includes(part)) ?? 'none';

/** What a function's role may do beside logging, joining the network and dead letters. */
function ownStatements(part: string): readonly Statement[] {
  const roleId = idOf('AWS::IAM::Role', part);
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map(
      (policy) =>
        (policy as { Properties: { Roles: unknown; PolicyDocument: { Statement: Statement[] } } }).Properties,
    )
    .filter(({ Roles }) => JSON.stringify(Roles).includes(roleId))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Sid }) => ['SyntheticPerson', 'Secret', 'SecretKey'].includes(Sid ?? ''));
}
const actionsOf = (part: string): string[] =>
  ownStatements(part)
    .flatMap(({ Action }) => Action)
    .sort();

test('the secret is under a key of its own, and rotated at once and every 30 days', () => {
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    KmsKeyId: { 'Fn::GetAtt': [idOf('AWS::KMS::Key', 'SyntheticPerson'), 'Arn'] },
  });
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    SecretId: { Ref: idOf('AWS::SecretsManager::Secret', 'SyntheticPerson') },
    RotationLambdaARN: { 'Fn::GetAtt': [idOf('AWS::Lambda::Function', 'SyntheticPersonRotation'), 'Arn'] },
    RotateImmediatelyOnUpdate: true,
    RotationRules: { AutomaticallyAfterDays: 30 },
  });
});

test('the first rotation waits for the groups, the triggers and the rights that it needs', () => {
  const [schedule] = Object.values(template.findResources('AWS::SecretsManager::RotationSchedule'));
  const { DependsOn } = schedule as { DependsOn: string[] };
  for (const [type, part] of [
    ['AWS::Cognito::UserPoolGroup', SYNTHETIC.role],
    ['AWS::Lambda::Permission', 'PreSignUp'],
    ['AWS::IAM::Policy', 'SyntheticPersonRotation'],
    ['AWS::Lambda::Permission', 'SyntheticPersonRotation'],
  ] as const)
    expect(DependsOn).toContain(idOf(type, part));
});

test('nobody but the two functions reads the secret', () => {
  template.hasResourceProperties('AWS::SecretsManager::ResourcePolicy', {
    ResourcePolicy: {
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'secretsmanager:GetSecretValue',
          Condition: {
            ArnNotEquals: {
              'aws:PrincipalArn': ['Rotation', 'SignIn'].map((name) => ({
                'Fn::GetAtt': [idOf('AWS::IAM::Role', `SyntheticPerson${name}Role`), 'Arn'],
              })),
            },
          },
        },
      ],
    },
  });
});

test('who signs in may do that alone; who rotates may make and delete people of this pool', () => {
  expect(actionsOf('SyntheticPersonSignInRole')).toEqual([
    'cognito-idp:AdminInitiateAuth',
    'cognito-idp:AdminRespondToAuthChallenge',
    'kms:Decrypt',
    'secretsmanager:GetSecretValue',
  ]);
  expect(actionsOf('SyntheticPersonRotationRole')).toEqual([
    'cognito-idp:AdminAddUserToGroup',
    'cognito-idp:AdminCreateUser',
    'cognito-idp:AdminDeleteUser',
    'cognito-idp:AdminInitiateAuth',
    'cognito-idp:AdminRespondToAuthChallenge',
    'cognito-idp:AdminSetUserPassword',
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
    'secretsmanager:UpdateSecretVersionStage',
  ]);
  const resources = ['SignIn', 'Rotation'].flatMap((name) =>
    ownStatements(`SyntheticPerson${name}Role`).map(({ Resource }) => JSON.stringify(Resource)),
  );
  expect(resources.filter((resource) => resource.includes('*'))).toEqual([]);
});

test('Secrets Manager alone, for this account, calls the rotation, and the functions are told no secret', () => {
  template.hasResourceProperties('AWS::Lambda::Permission', {
    FunctionName: { 'Fn::GetAtt': [idOf('AWS::Lambda::Function', 'SyntheticPersonRotation'), 'Arn'] },
    Principal: 'secretsmanager.amazonaws.com',
    SourceAccount: testEnvironment().account,
  });
  for (const name of ['Rotation', 'SignIn'])
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: Match.absent(),
      Role: { 'Fn::GetAtt': [idOf('AWS::IAM::Role', `SyntheticPerson${name}Role`), 'Arn'] },
      Environment: {
        Variables: {
          USER_POOL_ID: Match.anyValue(),
          CLIENT_ID: Match.anyValue(),
          SECRET_ARN: Match.anyValue(),
          POWERTOOLS_SERVICE_NAME: Match.anyValue(),
          POWERTOOLS_METRICS_NAMESPACE: 'Telehealth',
        },
      },
    });
});

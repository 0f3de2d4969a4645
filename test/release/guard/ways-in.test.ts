import { change, findings, modified } from '../support/change-sets';

type Case = readonly [what: string, type: string, was: object, is: object, needs: string];

const parameters = (name: string, value?: unknown) => ({
  Family: 'aurora-postgresql17',
  ...(value !== undefined && { Parameters: { [name]: value } }),
});
const signUp = (AllowAdminCreateUserOnly?: boolean) => ({
  AdminCreateUserConfig: { AllowAdminCreateUserOnly },
});
const rotated = (RotationRules: object) => ({ SecretId: 'password', RotationRules });

test.each<Case>([
  [
    'a cluster that takes connections without TLS',
    'AWS::RDS::DBClusterParameterGroup',
    parameters('rds.force_ssl', '1'),
    parameters('rds.force_ssl', '0'),
    'take Parameters.rds.force_ssl from 1 to 0',
  ],
  [
    'an instance whose engine is to tell whether it does',
    'AWS::RDS::DBParameterGroup',
    parameters('require_secure_transport', 'ON'),
    parameters('require_secure_transport'),
    'take Parameters.require_secure_transport from ON to unset',
  ],
  [
    'a cluster without parameters of its own',
    'AWS::RDS::DBCluster',
    { DBClusterParameterGroupName: { Ref: 'Parameters' } },
    {},
    'take DBClusterParameterGroupName from ${Parameters} to unset',
  ],
  [
    'a database that knows no tokens',
    'AWS::RDS::DBCluster',
    { EnableIAMDatabaseAuthentication: true },
    { EnableIAMDatabaseAuthentication: false },
    'take EnableIAMDatabaseAuthentication from true to false',
  ],
  [
    'people who sign up by themselves',
    'AWS::Cognito::UserPool',
    signUp(true),
    signUp(false),
    'take AdminCreateUserConfig.AllowAdminCreateUserOnly from true to false',
  ],
  [
    'people who may from now on, since nothing is written',
    'AWS::Cognito::UserPool',
    signUp(true),
    {},
    'take AdminCreateUserConfig.AllowAdminCreateUserOnly from true to unset',
  ],
  [
    'a bucket that everybody may read',
    'AWS::S3::Bucket',
    {},
    { AccessControl: 'PublicRead' },
    'take AccessControl from unset to PublicRead',
  ],
  [
    'a password that changes less often',
    'AWS::SecretsManager::RotationSchedule',
    rotated({ AutomaticallyAfterDays: 30 }),
    rotated({ AutomaticallyAfterDays: 365 }),
    'take RotationRules.AutomaticallyAfterDays from 30 to 365',
  ],
])('%s needs leave, and the way back does not', (_what, Type, was, is, needs) => {
  const [before, after] = [was, is].map((one) => ({ Type, Properties: { ...one } })) as [never, never];
  expect(modified(before, after)).toEqual([needs]);
  expect(modified(after, before)).toEqual([]);
});

test('another parameter and a log bucket’s own list need none', () => {
  const group = (value: string) => ({
    Type: 'AWS::RDS::DBClusterParameterGroup',
    Properties: { Parameters: { 'rds.force_ssl': '1', log_statement: value } },
  });
  expect(modified(group('none'), group('ddl'))).toEqual([]);
  const bucket = (Properties: Readonly<Record<string, unknown>>) => ({ Type: 'AWS::S3::Bucket', Properties });
  expect(modified(bucket({}), bucket({ AccessControl: 'LogDeliveryWrite' }))).toEqual([]);
});

test('a rotation that goes needs leave, the secret that stays does not', () => {
  const type = 'AWS::SecretsManager::RotationSchedule';
  const secret = { Secret: { Type: 'AWS::SecretsManager::Secret' } };
  expect(findings([change({ type, action: 'Remove' })], { ...secret, It: { Type: type } }, secret)).toEqual([
    'delete',
  ]);
  expect(findings([change({ type, action: 'Add' })], secret, { ...secret, It: { Type: type } })).toEqual([]);
});

test('another group of parameters needs leave, unless the template shows that it asks as much', () => {
  const group = (value?: string) => ({
    ...{ Type: 'AWS::RDS::DBClusterParameterGroup', Properties: parameters('rds.force_ssl', value) },
  });
  const groups = { Old: group('1'), Same: group('1'), Less: group('0'), Unsaid: group() };
  const of = (name: unknown) => ({
    ...groups,
    It: { Type: 'AWS::RDS::DBCluster', Properties: { DBClusterParameterGroupName: name } },
  });
  const taken = (was: unknown, is: unknown) => findings([change({})], of(was), of(is));
  const old = { Ref: 'Old' };
  expect(taken(old, { Ref: 'Same' })).toEqual([]);
  expect(taken({ Ref: 'Less' }, old)).toEqual([]);
  expect(taken(old, { Ref: 'Less' })).toEqual(['take DBClusterParameterGroupName from ${Old} to ${Less}']);
  for (const less of [{ Ref: 'Unsaid' }, 'default.aurora-postgresql17', { 'Fn::ImportValue': 'Group' }])
    expect(taken(old, less)).toHaveLength(1);
  expect(taken('written-out', 'written-out')).toEqual([]);
});

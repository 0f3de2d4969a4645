import { keptLess } from '../../../lib/release/guard/keeping';
import { change, findings } from '../support/change-sets';

const resource = (Type: string, Properties: object, more: object = {}) => ({
  Type,
  Properties: { ...Properties },
  ...more,
});

test('a weaker deletion policy of data needs leave, even where no change of it is listed', () => {
  const bucket = (DeletionPolicy?: string) =>
    resource('AWS::S3::Bucket', {}, DeletionPolicy === undefined ? {} : { DeletionPolicy });
  const judged = (was?: string, is?: string) =>
    findings([change({ id: 'Other', type: 'AWS::SNS::Topic' })], { It: bucket(was) }, { It: bucket(is) });
  expect(judged('Retain', 'Delete')).toEqual(['take DeletionPolicy from Retain to Delete']);
  expect(judged('Retain')).toEqual(['take DeletionPolicy from Retain to Delete']);
  expect(judged('Snapshot', 'Retain')).toEqual([]);
  expect(judged('RetainExceptOnCreate', 'Retain')).toEqual([]);
});

test('a weaker deletion policy of anything else needs leave too, a stronger one does not', () => {
  const tables = (DeletionPolicy: string) => ({
    It: resource('AWS::Glue::Database', {}, { DeletionPolicy }),
  });
  expect(findings([], tables('Retain'), tables('Delete'))).toEqual([
    'take DeletionPolicy from Retain to Delete',
  ]);
  expect(findings([], tables('Delete'), tables('Retain'))).toEqual([]);
});

test('what a database does where nothing is written is known', () => {
  expect(
    keptLess(
      resource('AWS::RDS::DBCluster', {}, { DeletionPolicy: 'Retain' }),
      resource('AWS::RDS::DBCluster', {}),
    ),
  ).toEqual(['take DeletionPolicy from Retain to Snapshot']);
});

test.each([
  ['AWS::RDS::DBCluster', { DeletionProtection: true }, { DeletionProtection: false }],
  ['AWS::RDS::DBCluster', { DeletionProtection: true }, {}],
  ['AWS::DynamoDB::Table', { DeletionProtectionEnabled: true }, { DeletionProtectionEnabled: { Ref: 'P' } }],
  ['AWS::Cognito::UserPool', { DeletionProtection: 'ACTIVE' }, { DeletionProtection: 'INACTIVE' }],
])('%s without its protection from deletion needs leave', (type, was, is) => {
  const of = (properties: object) => ({ It: resource(type, properties) });
  expect(findings([change({ type })], of(was), of(is))).toEqual(['drop its protection from deletion']);
  expect(findings([change({ type })], of(is), of(was))).toEqual([]);
});

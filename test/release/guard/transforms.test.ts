import { transformIn } from '../../../lib/release/guard/transforms';

const INCLUDE = {
  'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://elsewhere/part' } },
};
const role = (Properties: object) => ({ Resources: { It: { Type: 'AWS::IAM::Role', Properties } } });

test.each([
  ['as a whole', { Transform: 'AWS::Serverless-2016-10-31', Resources: {} }, 'Transform'],
  ['as a whole by a function', INCLUDE, 'Fn::Transform'],
  ['among its resources', { Resources: INCLUDE }, 'Resources'],
  ['in the properties of a resource', role({ Path: '/', ...INCLUDE }), 'Resources.It.Properties'],
  [
    'deep in a policy',
    role({ Policies: [{ PolicyDocument: { Statement: [INCLUDE] } }] }),
    'Resources.It.Properties.Policies.0.PolicyDocument.Statement.0',
  ],
  ['in a mapping', { Mappings: { Ranges: INCLUDE }, Resources: {} }, 'Mappings.Ranges'],
  ['by a macro of its own', { Resources: { It: { Type: 'AWS::CloudFormation::Macro' } } }, 'Resources.It'],
])('tells where a template is transformed %s', (_where, template, place) => {
  expect(transformIn(template)).toBe(place);
});

test('a text that names a transform transforms nothing', () => {
  const text = role({ Description: 'Fn::Transform', Tags: [{ Key: 'Transform', Value: 'AWS::Include' }] });
  expect(transformIn(text)).toBeUndefined();
});

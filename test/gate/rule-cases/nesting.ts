import type { RuleCase } from './case';

const INCLUDE = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://bucket/part' } } };

/** Cases of the rules in lib/gate/template-rules/nesting.ts. */
export const nestingCases: readonly RuleCase[] = [
  ...['Stack', 'StackSet'].map((kind): RuleCase => ({
    rule: 'TemplateNoNestedStack',
    type: `AWS::CloudFormation::${kind}`,
    good: [],
    bad: [{ TemplateURL: 'https://bucket.s3.amazonaws.com/inner.json' }],
  })),
  {
    rule: 'TemplateNoTransform',
    type: 'AWS::IAM::ManagedPolicy',
    good: [],
    bad: [
      { ...INCLUDE, PolicyDocument: {} },
      { PolicyDocument: INCLUDE },
      { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: INCLUDE }] } },
    ],
    otherwise: { Description: 'Fn::Transform', PolicyDocument: {} },
  },
  {
    rule: 'TemplateNoTransform',
    type: 'AWS::CloudFormation::Macro',
    good: [],
    bad: [{ Name: 'Rewrite', FunctionName: 'rewrite' }],
  },
];

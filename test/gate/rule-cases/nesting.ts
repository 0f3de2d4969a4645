import type { RuleCase } from './case';

/** Cases of the rule in lib/gate/template-rules/nesting.ts. */
export const nestingCases: readonly RuleCase[] = ['Stack', 'StackSet'].map((kind) => ({
  rule: 'TemplateNoNestedStack',
  type: `AWS::CloudFormation::${kind}`,
  good: [],
  bad: [{ TemplateURL: 'https://bucket.s3.amazonaws.com/inner.json' }],
}));

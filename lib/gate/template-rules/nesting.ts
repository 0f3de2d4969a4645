import { failure, type TemplateRule } from './rule';

/** The rule that nothing is deployed whose template is not judged. */
export const nestingRules: readonly TemplateRule[] = [
  {
    id: 'TemplateNoNestedStack',
    controls: ['164.312(a)(1)', '164.312(b)', '164.312(c)(1)', '164.312(e)(1)'],
    rationale:
      'A template that another one deploys is judged by none of these rules, nor by the guard of a release.',
    mend: 'make it a stack of the environment, which is judged like every other',
    types: ['AWS::CloudFormation::Stack', 'AWS::CloudFormation::StackSet'],
    check: ({ resource: { Type } }) => failure('Type', Type, 'resources of the stack itself'),
  },
];

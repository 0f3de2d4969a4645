import { transformIn } from '../../release/guard/transforms';
import { failure, type Subject, type TemplateRule, type Verdict } from './rule';

const CONTROLS = ['164.312(a)(1)', '164.312(b)', '164.312(c)(1)', '164.312(e)(1)'];
const MACRO = 'AWS::CloudFormation::Macro';

function deployedAsWritten({ resource, surroundings }: Subject): Verdict {
  if (resource.Type === MACRO)
    return failure('Type', MACRO, 'templates that are deployed as they are written');
  const own = transformIn({ ...resource });
  if (own !== undefined) return failure(own, 'put in place by a macro', 'what the template itself says');
  const around = transformIn(surroundings);
  return around === undefined
    ? 'not-applicable'
    : failure(around, 'a transform of the template', 'a template that is deployed as it is written');
}

/** The rules that nothing is deployed which these rules do not judge. */
export const nestingRules: readonly TemplateRule[] = [
  {
    id: 'TemplateNoNestedStack',
    controls: CONTROLS,
    rationale:
      'A template that another one deploys is judged by none of these rules, nor by the guard of a release.',
    mend: 'make it a stack of the environment, which is judged like every other',
    types: ['AWS::CloudFormation::Stack', 'AWS::CloudFormation::StackSet'],
    check: ({ resource: { Type } }) => failure('Type', Type, 'resources of the stack itself'),
  },
  {
    id: 'TemplateNoTransform',
    controls: CONTROLS,
    rationale:
      'A macro rewrites what it is given at deployment, after every rule has looked; one for the whole template may rewrite each resource.',
    mend: 'write what it makes, with constructs',
    types: [],
    check: deployedAsWritten,
  },
];

import { canonical } from '../../gate/chain/canonical';
import type { Grant } from './grants';
import type { TemplateResource } from './model';
import { isAbsent, listOf, show } from './values';

/** How a type lets others use something without the statements of a policy. */
interface Share {
  /** Property that names them, one or many. */
  readonly principals: string;
  /** Property that says what they may do, or the word for it. */
  readonly action: { readonly property: string } | { readonly word: string };
  /** Properties that keep some of them out. */
  readonly conditions: readonly string[];
}

const ACTION = { property: 'Action' } as const;

const SHARES: Readonly<Record<string, Share>> = {
  'AWS::EC2::VPCEndpointServicePermissions': {
    ...{ principals: 'AllowedPrincipals', action: { word: 'connect to the service' }, conditions: [] },
  },
  'AWS::Events::EventBusPolicy': {
    ...{ principals: 'Principal', action: ACTION, conditions: ['Condition'] },
  },
  'AWS::Lambda::LayerVersionPermission': {
    ...{ principals: 'Principal', action: ACTION, conditions: ['OrganizationId'] },
  },
  'AWS::Lambda::Permission': {
    ...{ principals: 'Principal', action: ACTION },
    conditions: ['EventSourceToken', 'FunctionUrlAuthType', 'PrincipalOrgID', 'SourceAccount', 'SourceArn'],
  },
  'AWS::RAM::ResourceShare': {
    ...{ principals: 'Principals', action: { word: 'use what is shared' }, conditions: [] },
  },
};

/** What a resource lets others do that is itself a grant. */
export function sharesOf({ Type, Properties = {} }: TemplateResource): readonly Grant[] {
  const share = SHARES[Type];
  if (!share) return [];
  const { principals, action, conditions } = share;
  const condition = Object.fromEntries(
    conditions.flatMap((name) => (isAbsent(Properties[name]) ? [] : [[name, Properties[name]]])),
  );
  return listOf(Properties[principals]).map((principal) => ({
    effect: 'Allow',
    action: 'word' in action ? action.word : show(Properties[action.property]),
    resource: '',
    principal: show(principal),
    condition: Object.keys(condition).length === 0 ? '' : canonical(condition),
  }));
}

import { fullDiff, type ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import type { Change, Resources, TemplateResource } from '../release/guard/model';

/** A template, as far as it is compared. */
export interface TemplateOfStack {
  /** Its resources; none in a template that makes none. */
  readonly Resources?: Resources;
}

const REPLACEMENT: Readonly<Partial<Record<ResourceImpact, Change['replacement']>>> = {
  [ResourceImpact.WILL_REPLACE]: 'True',
  [ResourceImpact.MAY_REPLACE]: 'Conditional',
};
/** Says where a resource stands in the code and what it is exempted from; nothing of it runs. */
const SAID_ONLY = 'Metadata';

/**
 * What CloudFormation would do to each resource, as far as two templates tell: a change set knows more, and exists only
 * once the approval is given. A change of metadata alone is none.
 */
export function changesBetween(before: TemplateOfStack, after: TemplateOfStack): readonly Change[] {
  const changes: Change[] = [];
  // The library writes into what it compares.
  fullDiff(structuredClone({ ...before }), structuredClone({ ...after })).resources.forEachDifference(
    (id, difference) => changes.push(...changeOf(id, difference)),
  );
  return changes.sort((one, other) => (one.id < other.id ? -1 : 1));
}

function changeOf(id: string, difference: ResourceDifference): readonly Change[] {
  const { oldValue, newValue, changeImpact } = difference;
  const type = difference.newResourceType ?? difference.oldResourceType ?? '';
  if (oldValue === undefined) return [{ action: 'Add', id, type, replacement: 'False', properties: [] }];
  if (newValue === undefined)
    return [
      {
        ...{ action: 'Remove', id, type, replacement: 'False', properties: [] },
        ...fate(oldValue, 'DeletionPolicy'),
      },
    ];
  const properties = [
    ...Object.keys(difference.propertyUpdates),
    ...Object.keys(difference.otherChanges).filter((name) => name !== SAID_ONLY && name !== 'Type'),
    ...(difference.resourceTypeChanged ? ['Type'] : []),
  ];
  if (properties.length === 0) return [];
  const replacement = difference.resourceTypeChanged ? 'True' : (REPLACEMENT[changeImpact] ?? 'False');
  return [
    {
      ...{ action: 'Modify', id, type, replacement, properties: properties.sort() },
      ...(replacement !== 'False' && fate(oldValue, 'UpdateReplacePolicy')),
    },
  ];
}

/** What becomes of the old one; CloudFormation deletes what says nothing. */
function fate(
  resource: TemplateResource & Readonly<Record<string, unknown>>,
  policy: 'DeletionPolicy' | 'UpdateReplacePolicy',
): { readonly policy: string } {
  const written = resource[policy];
  return { policy: typeof written === 'string' ? written : 'Delete' };
}

import { expectThat, type Subject, type TemplateRule, type Verdict } from './rule';
import { at, list, record } from './values';

/** What every taggable resource says about itself. */
export const REQUIRED_TAGS = [
  'Project',
  'Environment',
  'Owner',
  'CostCenter',
  'DataClassification',
  'Compliance',
  'ManagedBy',
] as const;

/** The keys of a resource's tags, which CloudFormation writes as a list for some types and as a map for others. */
function tagKeys(tags: unknown): readonly string[] {
  return Array.isArray(tags) ? list(tags).map((tag) => String(at(tag, 'Key'))) : Object.keys(record(tags));
}

function tagged({ tagProperty, properties }: Subject): Verdict {
  if (tagProperty === undefined) return 'not-applicable';
  const name = tagProperty.charAt(0).toUpperCase() + tagProperty.slice(1);
  const tags = properties[name];
  const missing = REQUIRED_TAGS.filter((key) => !tagKeys(tags).includes(key));
  return expectThat(missing.length === 0, `Properties.${name}`, tagKeys(tags), missing.join(', '));
}

/** The rule that everything taggable is tagged. */
export const tagRules: readonly TemplateRule[] = [
  {
    id: 'TemplateTags',
    controls: ['164.308(a)(2)', '164.310(d)(2)(iii)'],
    rationale: 'What names no owner and no class of data is nobody’s when it fails.',
    mend: 'tag the stage, and the stack or resource with DataClassification; remove what overrides Tags',
    types: [],
    check: tagged,
  },
];

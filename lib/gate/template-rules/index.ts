import { computeRules } from './compute';
import { identityRules } from './identity';
import { messagingRules } from './messaging';
import { networkRules } from './network';
import type { TemplateRule } from './rule';
import { storageRules } from './storage';
import { tagRules } from './tags';

/** Every rule over the synthesised templates; one without types looks at every resource. */
export const TEMPLATE_RULES: readonly TemplateRule[] = [
  ...storageRules,
  ...messagingRules,
  ...identityRules,
  ...computeRules,
  ...networkRules,
  ...tagRules,
];

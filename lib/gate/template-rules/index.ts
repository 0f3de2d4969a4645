import { computeRules } from './compute';
import { deliveryRules } from './delivery';
import { edgeRules } from './edge';
import { federationRules } from './federation';
import { foreignRules } from './foreign';
import { identityRules } from './identity';
import { integrationRules } from './integration';
import { messagingRules } from './messaging';
import { nestingRules } from './nesting';
import { networkRules } from './network';
import { portRules } from './ports';
import { principalRules } from './principals';
import { readableRules } from './readable';
import type { TemplateRule } from './rule';
import { storageRules } from './storage';
import { tagRules } from './tags';
import { userRules } from './users';

/** Every rule over the synthesised templates; one without types looks at every resource. */
export const TEMPLATE_RULES: readonly TemplateRule[] = [
  ...storageRules,
  ...messagingRules,
  ...integrationRules,
  ...principalRules,
  ...foreignRules,
  ...federationRules,
  ...identityRules,
  ...readableRules,
  ...userRules,
  ...computeRules,
  ...networkRules,
  ...portRules,
  ...edgeRules,
  ...deliveryRules,
  ...nestingRules,
  ...tagRules,
];

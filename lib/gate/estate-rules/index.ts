import { noReaderSilencesAudit } from './audit';
import { noInternetPath } from './internet';
import type { EstateRule } from './rule';
import { servicesEligible } from './services';
import { flowsEncrypted } from './transit';

/** Every rule over the resources of an environment at once. */
export const ESTATE_RULES: readonly EstateRule[] = [
  noInternetPath,
  noReaderSilencesAudit,
  flowsEncrypted,
  servicesEligible,
];

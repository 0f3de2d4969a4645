import type { Resources } from './model';

/** Kinds of principals that are nobody of an AWS account: identity providers, and S3's own naming of strangers. */
const NO_ACCOUNT = /^(Federated|CanonicalUser) /;

/**
 * Whether a principal, as a grant shows it, is somebody else than AWS's services and the accounts that may be trusted:
 * another account, an identity provider, anybody, or whom only a parameter tells.
 *
 * @param resources - those of the template that names it; what they are is of the template's own account
 */
export function isOutsider(principal: string, resources: Resources, accounts: readonly string[]): boolean {
  if (principal === '' || principal.startsWith('Service ')) return false;
  if (/[*]/.test(principal) || principal.startsWith('everything but') || NO_ACCOUNT.test(principal))
    return true;
  const account = /(?<!\d)\d{12}(?!\d)/.exec(principal)?.[0];
  if (account !== undefined) return !accounts.includes(account);
  const references = [...principal.matchAll(/\$\{([^}.]+)/g)].map(([, id]) => id ?? '');
  return references.some((id) => !id.startsWith('AWS::') && resources[id] === undefined);
}

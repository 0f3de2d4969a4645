import { accountOf, isTrusted } from './accounts';
import type { Grant } from './grants';
import { isLogDelivery } from './log-delivery';
import type { Resources } from './model';
import { isForService, sourcesOf } from './sources';
import { isObject, listOf, show } from './values';

/** An ARN of IAM up to its account; nothing before that may be left to a reference, which could bring colons of its own. */
const OF_ACCOUNT = /^arn:(?:aws[a-z-]*|\$\{AWS::Partition\}):(?:iam|sts)::(\d{12}|\$\{AWS::AccountId\}):./;
const ACCOUNT = /^(\d{12}|\$\{AWS::AccountId\})$/;
const REFERENCE = /^\$\{(\w+)(?:\.Arn)?\}$/;
const WITH_AN_ARN: readonly string[] = ['AWS::IAM::Role', 'AWS::IAM::User'];

/**
 * Whether a grant is for somebody else than AWS's services and the accounts that may be trusted: another account, an identity
 * provider, anybody, a service for what another account has, or whom only a parameter, a mapping or another stack tells.
 *
 * @param resources - those of the template that names it; its roles and users are of the template's own account
 */
export function isForOutsiders(grant: Grant, resources: Resources, accounts: readonly string[]): boolean {
  const { principal } = grant;
  if (principal === '' || isLogDelivery(grant)) return false;
  if (isForService(grant)) return actsForOutsiders(grant, accounts);
  if (isBound(grant, resources, accounts)) return false;
  const who = principal.replace(/^AWS /, '');
  const account = (ACCOUNT.exec(who) ?? OF_ACCOUNT.exec(who))?.[1];
  if (account !== undefined && !who.includes('*')) return !isTrusted(account, accounts);
  const id = REFERENCE.exec(who)?.[1] ?? '';
  return !WITH_AN_ARN.includes(resources[id]?.Type ?? '');
}

/** Whether a service may do it for somebody else's resource or account, as its conditions on the source say. */
function actsForOutsiders(grant: Grant, accounts: readonly string[]): boolean {
  return sourcesOf(grant).some((source) => {
    const account = accountOf(source) || source;
    // A source that is no account and an ARN without one tell nothing of whose it is.
    return (/^\d{12}$/.test(account) || account.includes('*')) && !isTrusted(account, accounts);
  });
}

/** Whether a condition keeps everybody out but principals of these accounts, or who is in a network of the template. */
function isBound({ condition }: Grant, resources: Resources, accounts: readonly string[]): boolean {
  const conditions: unknown = condition === '' ? undefined : JSON.parse(condition);
  const equals = isObject(conditions) && isObject(conditions.StringEquals) ? conditions.StringEquals : {};
  const all = (key: string, holds: (value: string) => boolean): boolean => {
    const values = listOf(equals[key]).map(show);
    return values.length > 0 && values.every(holds);
  };
  return (
    all('aws:PrincipalAccount', (account) => isTrusted(account, accounts)) ||
    all('aws:SourceVpc', (vpc) => resources[REFERENCE.exec(vpc)?.[1] ?? '']?.Type === 'AWS::EC2::VPC')
  );
}

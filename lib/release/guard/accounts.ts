const OWN_ACCOUNT = '${AWS::AccountId}';

/** Whether an account is the template's own or one of these. */
export function isTrusted(account: string, accounts: readonly string[]): boolean {
  return account === OWN_ACCOUNT || accounts.includes(account);
}

/** The account of an ARN; empty where it has none, as those of buckets, and undefined for what is no ARN. */
export function accountOf(arn: string): string | undefined {
  // Pseudo parameters bring colons of their own.
  const [scheme, , , , account = ''] = arn.replaceAll('${AWS::', '${AWS.').split(':');
  return scheme === 'arn' ? account.replace('${AWS.', '${AWS::') : undefined;
}

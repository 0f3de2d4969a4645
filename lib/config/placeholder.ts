/** Whether an account id is one of this repository's obvious placeholders: one digit, from 1 to 9, twelve times. */
export function isPlaceholderAccount(account: string): boolean {
  return /^([1-9])\1{11}$/.test(account);
}

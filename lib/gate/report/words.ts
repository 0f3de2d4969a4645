/** A number and what it is of, such as `1 rule` or `2 rules`. */
export function many(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

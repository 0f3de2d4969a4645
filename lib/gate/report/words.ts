/** A number and what it is of, such as `1 rule` or `2 rules`. */
export function many(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

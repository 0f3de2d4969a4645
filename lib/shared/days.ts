/** The same day one year later, the last that an exception may hold to. @param day - `YYYY-MM-DD` */
export function aYearAfter(day: string): string {
  return `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
}

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a day that the calendar has, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return (
    ISO_DAY.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
  );
}

/** The day that is so many days later. @param day - `YYYY-MM-DD` */
export function daysAfter(day: string, days: number): string {
  const later = new Date(day);
  later.setUTCDate(later.getUTCDate() + days);
  return later.toISOString().slice(0, 10);
}

/** The same day one year later, the last that an exception may hold to. @param day - `YYYY-MM-DD` */
export function aYearAfter(day: string): string {
  return `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
}

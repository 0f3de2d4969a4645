import type { Report } from '../../lib/gate/report/model';

const MS_PER_DAY = 86_400_000;

function daysUntil(day: string, today: string): number {
  return Math.round((Date.parse(day) - Date.parse(today)) / MS_PER_DAY);
}

/** How far away a day is, in words. */
function distance(day: string, today: string): string {
  const days = daysUntil(day, today);
  if (days === 0) return 'today';
  return days < 0 ? `${-days} days ago` : `in ${days} days`;
}

/** One line for what is the same in several environments. */
function grouped(exceptions: Report['exceptions']): Report['exceptions'][number][][] {
  const groups = new Map<string, Report['exceptions'][number][]>();
  for (const exception of exceptions) {
    const key = [exception.rule, exception.ticket, exception.expires, exception.owner, exception.reason].join(
      '\n',
    );
    groups.set(key, [...(groups.get(key) ?? []), exception]);
  }
  return [...groups.values()];
}

/** The register of exceptions, those that end first on top. */
export function exceptionsText({ exceptions }: Report, today: string): string {
  if (exceptions.length === 0) return 'There is no exception.';
  const groups = grouped([...exceptions].sort((a, b) => (a.expires + a.rule < b.expires + b.rule ? -1 : 1)));
  return [
    `${exceptions.length} exceptions for ${groups.length} reasons, each until its last day:`,
    ...groups.flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const unused = group.filter(({ covers }) => covers.length === 0).length;
      return [
        '',
        `${first.rule}  until ${first.expires} (${distance(first.expires, today)})  ${first.ticket}`,
        `  ${first.owner}, approved by ${first.approvedBy}; ${group.length} places in ${[...new Set(group.map(({ environment }) => environment))].join(', ')}${unused > 0 ? `, ${unused} of them not needed there` : ''}`,
        `  why: ${first.reason}`,
        `  instead: ${[...new Set(group.map(({ compensatingControl }) => compensatingControl))].join('; ')}`,
      ];
    }),
  ].join('\n');
}

/** What is due by a day: exceptions that end, and evidence that people have to record. */
export function dueText({ exceptions, manual }: Report, today: string, within: number): string {
  const due = [
    ...grouped(exceptions).flatMap((group) => {
      const [first] = group;
      return first
        ? [
            {
              day: first.expires,
              text: `exception  ${first.rule} at ${group.length} places ends: ${first.owner}, ${first.ticket}`,
            },
          ]
        : [];
    }),
    ...manual.map(({ due: day, title, owner, controls, done }) => ({
      day,
      text: `evidence   ${title} (${controls.join(', ')}): ${owner}, ${done === undefined ? 'never recorded' : `last on ${done}`}`,
    })),
  ]
    .filter(({ day }) => daysUntil(day, today) <= within)
    .sort((a, b) => (a.day + a.text < b.day + b.text ? -1 : 1));
  if (due.length === 0) return `Nothing is due within ${within} days of ${today}.`;
  return due
    .map(
      ({ day, text }) =>
        `${day}  ${daysUntil(day, today) < 0 ? 'OVERDUE  ' : ''}${distance(day, today)}  ${text}`,
    )
    .join('\n');
}

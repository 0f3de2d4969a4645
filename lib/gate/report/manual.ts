import { parse } from 'yaml';
import { z } from 'zod';
import { aYearAfter, daysAfter } from '../../shared/days';
import type { ManualEvidence } from './model';

/** Where the reviewed file stands, relative to the repository. */
export const MANUAL_FILE = 'docs/compliance/manual-evidence.yaml';

const citation = z.string().regex(/^164\.\d{3}(\([a-zA-Z0-9]+\))+$/, 'a citation such as 164.308(a)(8)');

const item = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower case words with dashes'),
    title: z.string().min(10),
    controls: z.array(citation).min(1),
    owner: z.string().min(1).describe('Role, never a person'),
    done: z.iso.date().optional().describe('Day of the newest evidence; absent when there is none yet'),
    due: z.iso.date().describe('Day by which it is next to be done'),
    link: z.string().min(1).describe('Where the evidence is kept'),
  })
  .refine(({ done, due }) => done === undefined || done < due, 'done comes before due');

const fileSchema = z.strictObject({
  overdue: z.enum(['report', 'fail']).describe('Whether overdue evidence fails the gate'),
  items: z
    .array(item)
    .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, 'ids that differ'),
});

type Item = z.infer<typeof item>;

/** What people recorded, and whether being late fails the gate. */
export type ManualRecord = z.infer<typeof fileSchema>;

/** The record of what people did by hand cannot be read, or does not hold. */
export class ManualRecordError extends Error {
  /** Everything that is wrong, each in a sentence. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ManualRecordError';
    this.problems = problems;
  }
}

/**
 * Reads the record of manual evidence.
 * @param text - the file, YAML
 * @param cadences - how often each citation of the catalogue is looked at, such as `every quarter`
 * @throws ManualRecordError with every problem at once
 */
export function readManualRecord(text: string, cadences: ReadonlyMap<string, string>): ManualRecord {
  let written: unknown;
  try {
    written = parse(text);
  } catch (error) {
    throw new ManualRecordError([
      `${MANUAL_FILE} is no YAML: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
  const read = fileSchema.safeParse(written);
  if (!read.success)
    throw new ManualRecordError(
      read.error.issues.map(
        ({ path, message }) => `${MANUAL_FILE}, ${path.join('.') || 'the file'}: ${message}.`,
      ),
    );
  const unknown = read.data.items.flatMap(({ id, controls }) =>
    controls
      .filter((control) => !cadences.has(control))
      .map(
        (control) =>
          `${MANUAL_FILE}, ${id}: there is no ${control} in the catalogue, expected a citation of lib/gate/catalogue.`,
      ),
  );
  const late = read.data.items.flatMap((one) => tooLate(one, cadences));
  if (unknown.length + late.length > 0) throw new ManualRecordError([...unknown, ...late]);
  return read.data;
}

/** Days of the shortest cadences; any other is a year at most. */
const DAYS: Readonly<Record<string, number>> = { 'every month': 31, 'every quarter': 92 };

/** A next day that is further off than what the item shows is looked at. */
function tooLate(
  { id, controls, done, due }: Item,
  cadences: ReadonlyMap<string, string>,
): readonly string[] {
  if (done === undefined) return [];
  return controls.flatMap((control) => {
    const cadence = cadences.get(control) ?? '';
    const days = DAYS[cadence];
    const last = days === undefined ? aYearAfter(done) : daysAfter(done, days);
    return due <= last
      ? []
      : [
          `${MANUAL_FILE}, ${id}: due is ${due}, expected a day up to ${last}: it was done on ${done}, and ${control} is looked at ${cadence}.`,
        ];
  });
}

/**
 * The items as the report shows them, in the order of their next day.
 * @throws ManualRecordError when something is recorded as done on a day that has not come, or was never done and is due in
 * more than a year
 */
export function manualEvidence({ items }: ManualRecord, today: string): ManualEvidence[] {
  const ahead = items.flatMap(({ id, done }) =>
    done !== undefined && done > today
      ? [
          `${MANUAL_FILE}, ${id}: done is ${done}, expected a day up to ${today}: what is not done yet is due.`,
        ]
      : [],
  );
  const last = aYearAfter(today);
  const far = items.flatMap(({ id, done, due }) =>
    done === undefined && due > last
      ? [`${MANUAL_FILE}, ${id}: due is ${due}, expected a day up to ${last}: it was never done.`]
      : [],
  );
  if (ahead.length + far.length > 0) throw new ManualRecordError([...ahead, ...far]);
  return items
    .map(({ done, ...item }) => ({
      ...item,
      ...(done !== undefined && { done }),
      overdue: item.due < today,
    }))
    .sort((a, b) => (a.due + a.id < b.due + b.id ? -1 : 1));
}

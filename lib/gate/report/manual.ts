import { parse } from 'yaml';
import { z } from 'zod';
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
 * @param citations - every citation of the catalogue
 * @throws ManualRecordError with every problem at once
 */
export function readManualRecord(text: string, citations: ReadonlySet<string>): ManualRecord {
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
      .filter((control) => !citations.has(control))
      .map(
        (control) =>
          `${MANUAL_FILE}, ${id}: there is no ${control} in the catalogue, expected a citation of lib/gate/catalogue.`,
      ),
  );
  if (unknown.length > 0) throw new ManualRecordError(unknown);
  return read.data;
}

/**
 * The items as the report shows them, in the order of their next day.
 * @throws ManualRecordError when something is recorded as done on a day that has not come
 */
export function manualEvidence({ items }: ManualRecord, today: string): ManualEvidence[] {
  const ahead = items.flatMap(({ id, done }) =>
    done !== undefined && done > today
      ? [
          `${MANUAL_FILE}, ${id}: done is ${done}, expected a day up to ${today}: what is not done yet is due.`,
        ]
      : [],
  );
  if (ahead.length > 0) throw new ManualRecordError(ahead);
  return items
    .map(({ done, ...item }) => ({
      ...item,
      ...(done !== undefined && { done }),
      overdue: item.due < today,
    }))
    .sort((a, b) => (a.due + a.id < b.due + b.id ? -1 : 1));
}

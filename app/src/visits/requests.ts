import { z } from 'zod';
import { Problem } from '../problem';

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** Body of `POST /v1/visits`. */
export const newVisit = z.strictObject({
  patientId: z.uuid(),
  clinicianId: z.uuid(),
  consultId: z.uuid().optional(),
  scheduledAt: instant,
  durationMinutes: z.int().min(15).max(120).default(30),
  modality: z.enum(['VIDEO', 'AUDIO', 'PHONE']).default('VIDEO'),
  reasonCode: z
    .string()
    .regex(/^[A-Z][A-Z0-9_.-]{0,31}$/)
    .optional(),
});

/** A place in the list of visits: the begin and the id of the last one that was told. */
const place = z
  .string()
  .max(128)
  .transform((text) => Buffer.from(text, 'base64url').toString().split(' '))
  .pipe(z.tuple([z.iso.datetime(), z.uuid()]))
  .transform(([from, after]) => ({ from: new Date(from), after }));

const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000';

/** Query string of `GET /v1/visits`: from a moment on, or after the place where the answer before ended. */
export const visitList = z
  .strictObject({
    from: instant.optional(),
    next: place.optional(),
    limit: z
      .string()
      .regex(/^\d{1,3}$/)
      .transform(Number)
      .pipe(z.int().min(1).max(100))
      .default(20),
  })
  .refine(({ from, next }) => from === undefined || next === undefined, { error: 'give either from or next' })
  .transform(({ from, next, limit }) => ({
    ...(next ?? { from: from ?? new Date(0), after: BEFORE_ALL_IDS }),
    limit,
  }));

/** Path of `GET /v1/visits/:id`. */
export const oneVisit = z.strictObject({ id: z.uuid() });

/** The place after a visit, for {@link visitList}. */
export function placeAfter({
  scheduled_at,
  id,
}: {
  readonly scheduled_at: Date;
  readonly id: string;
}): string {
  return Buffer.from(`${scheduled_at.toISOString()} ${id}`).toString('base64url');
}

/**
 * Reads what a caller sent.
 * @throws Problem 400 that names each field that is wrong, without what it held
 */
export function read<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, code, message }) =>
    // The names of unknown fields are the caller's own words.
    code === 'unrecognized_keys' ? 'unknown fields' : `${path.join('.') || 'request'}: ${message}`,
  );
  throw new Problem(400, 'The request is not valid', `${fields.join('; ')}.`);
}

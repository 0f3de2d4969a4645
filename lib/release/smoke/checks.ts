import * as z from 'zod';
import type { CheckName, SmokeOptions } from './model';
import { ask, type Answer, type Asked } from './request';

/** What one try of a check saw. */
export interface Seen {
  /** Whether it was right. */
  readonly right: boolean;
  /** What was seen, and what was expected. */
  readonly words: string;
  /** How long the slowest answer of it took, in milliseconds. */
  readonly milliseconds: number;
}

/** What a check is done with: the token too, once there is one. */
export interface SignedIn extends SmokeOptions {
  /** Access token; absent in the checks before the sign-in. */
  readonly token: string | undefined;
}

const ready = z.looseObject({ status: z.literal('ready') });
const version = z.looseObject({ version: z.string(), commit: z.string() });
const person = z.looseObject({ subject: z.string(), role: z.string(), organisation: z.string() });
const visit = z.looseObject({ id: z.uuid() });
const visits = z.looseObject({ visits: z.array(visit) });

const QUARTER_MINUTES = 15;
/** The quarters of an hour that visits are booked for begin here: far enough that no calendar shows them. */
const FIRST_QUARTER = Date.UTC(2100, 0, 1);
/** The minute whose smoke books the first of them. */
const FIRST_MINUTE = Date.UTC(2026, 0, 1);

/** How each check is done once. */
export const CHECK: Readonly<Record<CheckName, (options: SignedIn) => Promise<Seen>>> = {
  health: (options) =>
    one(options, { path: '/health/ready' }, 200, ({ body }) =>
      ready.safeParse(body).success ? undefined : 'did not say "ready"',
    ),

  version: (options) =>
    one(options, { path: '/version' }, 200, ({ body }) => {
      const { data } = version.safeParse(body);
      if (!data) return 'told no version';
      if (data.commit === options.expectVersion || data.version === options.expectVersion) return undefined;
      return `told ${data.version} (${data.commit}) where ${options.expectVersion} was expected`;
    }),

  'signed-out': (options) => one(options, { path: '/v1/me' }, 401),

  'signed-in': async (options) => (await whoAmI(options)).seen,

  visit: async (options) => {
    const { seen: asked, subject } = await whoAmI(options);
    if (subject === undefined) return asked;
    const from = quarterOf(options.clock.date());
    const { seen: booked, id } = await book(options, subject, from);
    if (!booked.right) return longer(asked, booked);
    return longer(longer(asked, booked), await findAndRead(options, from, id));
  },
};

/**
 * The quarter of an hour that a smoke books. Each minute has its own, so that each run writes a row of its own and two
 * within a minute one between them.
 */
function quarterOf(now: Date): string {
  const minute = Math.floor((now.getTime() - FIRST_MINUTE) / 60_000);
  return new Date(FIRST_QUARTER + minute * QUARTER_MINUTES * 60_000).toISOString();
}

async function whoAmI(options: SignedIn): Promise<{ readonly seen: Seen; readonly subject?: string }> {
  let subject: string | undefined;
  const seen = await one(options, { path: '/v1/me', token: options.token }, 200, ({ body }) => {
    subject = person.safeParse(body).data?.subject;
    return subject === undefined ? 'told of no person' : undefined;
  });
  return { seen, ...(subject !== undefined && { subject }) };
}

/** Books the visit; 409 says that a run before, within the same minute, has. */
async function book(
  options: SignedIn,
  clinicianId: string,
  scheduledAt: string,
): Promise<{ readonly seen: Seen; readonly id?: string }> {
  const post = { patientId: options.patientId, clinicianId, scheduledAt, durationMinutes: QUARTER_MINUTES };
  let id: string | undefined;
  const seen = await one(
    options,
    { path: '/v1/visits', token: options.token, post },
    [201, 409],
    ({ status, body }) => {
      id = visit.safeParse(body).data?.id;
      return status === 201 && id === undefined ? 'told of no visit' : undefined;
    },
  );
  return { seen, ...(id !== undefined && { id }) };
}

/** Looks for what was booked in the list, and then at it alone. */
async function findAndRead(options: SignedIn, from: string, booked: string | undefined): Promise<Seen> {
  let found: string | undefined;
  const place = `/v1/visits?limit=1&from=${from}`;
  const list = await one(options, { path: place, token: options.token }, 200, ({ body }) => {
    const { data } = visits.safeParse(body);
    found = data?.visits[0]?.id;
    if (!data) return 'told of no list';
    return found === undefined || (booked !== undefined && found !== booked)
      ? 'did not tell of the visit that was booked'
      : undefined;
  });
  if (!list.right || found === undefined) return list;
  const id = found;
  const read = await one(options, { path: `/v1/visits/${id}`, token: options.token }, 200, ({ body }) =>
    visit.safeParse(body).data?.id === id ? undefined : 'told of another visit',
  );
  // The id of a visit stays out of the words.
  return longer(list, { ...read, words: read.words.replace(id, ':id') });
}

async function one(
  options: SmokeOptions,
  asked: Asked,
  expected: number | readonly number[],
  wrong: (answer: Answer) => string | undefined = () => undefined,
): Promise<Seen> {
  const answer = await ask(options, asked);
  const { status, error, milliseconds } = answer;
  const place = `${asked.post ? 'POST' : 'GET'} ${asked.path}`;
  const seen = (right: boolean, words: string): Seen => ({ right, words: `${place} ${words}`, milliseconds });
  if (error !== undefined) return seen(false, `was not answered: ${error}`);
  const allowed = [expected].flat();
  if (!allowed.includes(status))
    return seen(false, `answered ${status} where ${allowed.join(' or ')} was expected`);
  const what = wrong(answer);
  return what === undefined ? seen(true, `answered ${status}`) : seen(false, what);
}

function longer(before: Seen, after: Seen): Seen {
  return {
    right: after.right,
    words: `${before.words}; ${after.words}`,
    milliseconds: Math.max(before.milliseconds, after.milliseconds),
  };
}

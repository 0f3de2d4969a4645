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

const ready = z.looseObject({ status: z.literal('ready') });
const version = z.looseObject({ version: z.string(), commit: z.string() });
const person = z.looseObject({ subject: z.string(), role: z.string(), organisation: z.string() });
const visit = z.looseObject({ id: z.uuid() });
const visits = z.looseObject({ visits: z.array(visit) });

/** Far enough that no calendar shows it; the same each time, so that it is booked once and refused after. */
const FAR_AWAY = '2100-01-01T00:00:00Z';

/** How each check is done once. */
export const CHECK: Readonly<Record<CheckName, (options: SmokeOptions) => Promise<Seen>>> = {
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

  'signed-in': (options) =>
    one(options, { path: '/v1/me', signedIn: true }, 200, ({ body }) =>
      person.safeParse(body).success ? undefined : 'told of no person',
    ),

  visit: async (options) => {
    const { visit: synthetic } = options;
    const booked =
      synthetic &&
      (await one(
        options,
        { path: '/v1/visits', signedIn: true, post: { ...synthetic, scheduledAt: FAR_AWAY } },
        [201, 409],
      ));
    if (booked && !booked.right) return booked;
    return longer(booked, await listAndRead(options));
  },
};

async function listAndRead(options: SmokeOptions): Promise<Seen> {
  let first: string | undefined;
  const list = await one(options, { path: '/v1/visits?limit=1', signedIn: true }, 200, ({ body }) => {
    const { data } = visits.safeParse(body);
    first = data?.visits[0]?.id;
    return data ? undefined : 'told of no list';
  });
  if (!list.right || first === undefined) return list;
  const id = first;
  const read = await one(options, { path: `/v1/visits/${id}`, signedIn: true }, 200, ({ body }) =>
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

function longer(before: Seen | undefined, after: Seen): Seen {
  if (!before) return after;
  return {
    right: after.right,
    words: `${before.words}; ${after.words}`,
    milliseconds: Math.max(before.milliseconds, after.milliseconds),
  };
}

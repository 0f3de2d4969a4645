import { CHECK, type Seen, type SignedIn } from './checks';
import {
  type CheckName,
  CHECKS,
  DEFAULT_BUDGETS,
  type SmokeCheck,
  type SmokeOptions,
  type SmokeReport,
} from './model';

export { DEFAULT_BUDGETS } from './model';
export type { SmokeBudgets, SmokeCheck, SmokeOptions, SmokeReport } from './model';
export { syntheticToken } from './synthetic-session';

const SETTLE_MS = 15_000;
const PAUSE_MS = 500;
/** A first request pays for connections and plans that later ones do not: the best of this many counts. */
const TRIES_FOR_TIME = 3;

/** Right only once the load balancer has taken up its new target, so these are tried again for a while. */
const SETTLING: ReadonlySet<CheckName> = new Set(['health', 'version']);
const NEED_TOKEN: ReadonlySet<CheckName> = new Set(['signed-in', 'visit']);

/**
 * Looks at a release from outside, as its users would: health, version, that nobody is let in without a token, a
 * signed-in request and a visit; each against its budget of time. A wrong answer is only tried again in the first two;
 * after them it is the new version's own. Nothing is left out: who cannot be signed in has not looked.
 */
export async function smoke(options: SmokeOptions): Promise<SmokeReport> {
  const { clock, baseUrl } = options;
  const start = clock.now();
  const checks: SmokeCheck[] = [];
  let token: string | undefined;
  for (const name of CHECKS) {
    if (NEED_TOKEN.has(name) && token === undefined) {
      const signedIn = await signInOnce(name, options);
      if (typeof signedIn !== 'string') {
        checks.push(signedIn);
        break;
      }
      token = signedIn;
    }
    const check = await tried(name, { ...options, token }, start);
    checks.push(check);
    // Without health or the right version, the others would speak of something else.
    if (check.outcome === 'failed' && SETTLING.has(name)) break;
  }
  return {
    schemaVersion: 1,
    passed: checks.length === CHECKS.length && checks.every(({ outcome }) => outcome === 'passed'),
    baseUrl,
    checks,
    milliseconds: clock.now() - start,
  };
}

/** A token, or the check that fails for want of it. */
async function signInOnce(
  name: CheckName,
  { signIn, clock, budgets = DEFAULT_BUDGETS }: SmokeOptions,
): Promise<string | SmokeCheck> {
  const start = clock.now();
  try {
    return await signIn();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const milliseconds = clock.now() - start;
    return { name, outcome: 'failed', tries: 1, milliseconds, budget: budgets[name], words };
  }
}

async function tried(name: CheckName, options: SignedIn, start: number): Promise<SmokeCheck> {
  const { clock, settleMs = SETTLE_MS, budgets = DEFAULT_BUDGETS } = options;
  const budget = budgets[name];
  for (let tries = 1; ; tries++) {
    const seen = await CHECK[name](options);
    const ended = (outcome: SmokeCheck['outcome'], words = seen.words): SmokeCheck => ({
      name,
      outcome,
      tries,
      milliseconds: seen.milliseconds,
      budget,
      words,
    });
    if (seen.right && seen.milliseconds <= budget) return ended('passed');
    if (!seen.right && (!SETTLING.has(name) || clock.now() - start >= settleMs)) return ended('failed');
    if (seen.right && tries >= TRIES_FOR_TIME) return ended('failed', slow(seen, budget));
    await clock.sleep(PAUSE_MS);
  }
}

function slow({ words, milliseconds }: Seen, budget: number): string {
  return `${words} after ${Math.round(milliseconds)} ms where ${budget} ms are allowed`;
}

/** The report as people read it. */
export function smokeText({ checks, passed, baseUrl, milliseconds }: SmokeReport): string {
  const lines = checks.map(
    ({ name, outcome, words, milliseconds: took, budget }) =>
      `  ${outcome.padEnd(8)} ${name.padEnd(11)} ${`${Math.round(took)} of ${budget} ms`.padEnd(16)} ${words}`,
  );
  const verdict = passed ? 'passed' : 'failed';
  return [`Smoke of ${baseUrl}: ${verdict} in ${Math.round(milliseconds)} ms`, ...lines].join('\n');
}

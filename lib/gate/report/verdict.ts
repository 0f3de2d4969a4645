import type { Report } from './model';

type Verdict = Report['verdict'];

/** What the findings, exceptions and statuses of an environment come to. */
export function verdictIn(
  environment: string,
  { controls, findings, exceptions }: Pick<Report, 'controls' | 'findings' | 'exceptions'>,
): Verdict {
  const here = <T extends { readonly environment: string }>(all: readonly T[]): readonly T[] =>
    all.filter((one) => one.environment === environment);
  const found = here(findings);
  if (
    found.some(({ state }) => state !== 'accepted') ||
    here(exceptions).some(({ state }) => state === 'expired') ||
    controls.some(({ statuses }) => statuses[environment]?.status === 'not-met')
  )
    return 'fail';
  return found.length > 0 ? 'pass-with-exceptions' : 'pass';
}

/** The verdict of all together, from that of each. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  const worst = (['fail', 'pass-with-exceptions'] as const).find((verdict) => verdicts.includes(verdict));
  return worst ?? 'pass';
}

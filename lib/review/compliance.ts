import type { Report } from '../gate/report/model';
import type { ComplianceReview } from './model';
import type { Comparison } from './previous';

/**
 * What the release's own report says of an environment, and what changed in it since an earlier one.
 * @param environment - construct path of its stage, as the report names it
 * @param comparison - with the earlier one
 */
export function reviewCompliance(
  report: Report,
  environment: string,
  comparison: Comparison,
): ComplianceReview {
  const { diff, unfit } = comparison;
  const here = <Item extends { readonly environment: string }>(items: readonly Item[]): readonly Item[] =>
    items.filter((item) => item.environment === environment);
  const exceptions = here(report.exceptions);
  return {
    verdict: report.environments.find(({ name }) => name === environment)?.verdict ?? 'fail',
    open: here(report.findings)
      .filter(({ state }) => state !== 'accepted')
      .map(({ rule, resource, detail }) => `${rule}: ${resource}: ${detail}`),
    ending: exceptions
      .filter(({ state }) => state === 'expired' || state === 'expiring')
      .map(
        ({ rule, path, expires, owner }) =>
          `${path} is excepted from ${rule} until ${expires}; ${owner} answers for it.`,
      ),
    exceptions: exceptions.filter(({ state }) => state === 'active' || state === 'expiring').length,
    unfit,
    ...(diff && { since: diff.from }),
    changes: here(diff?.changes ?? []),
  };
}

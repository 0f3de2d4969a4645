import { fullRule, isFinding, type Ledger } from '../ledger';
import { ACCEPTANCE_PLUGIN } from '../rule-ids';
import { environmentsOf } from './environments';
import { byText, stableId } from './ids';
import type { Finding, Report } from './model';
import type { Exception } from './registers';

/** What the gate says of the acceptances themselves; the ledger does not hold it. */
export interface GateProblem {
  /** Name of what is wrong, for example `AcceptanceExpired`. */
  readonly rule: string;
  /** Construct path that it is about. */
  readonly path: string;
  /** What was found. */
  readonly detail: string;
}

/** Where a problem of the register of exceptions counts: it is how risk is managed. */
const RISK_MANAGEMENT = '164.308(a)(1)(ii)(B)';

const WARN_DAYS = 30;

function laterBy(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The register of exceptions. */
export function exceptionsOf(ledger: Ledger): Exception[] {
  const environment = environmentsOf(ledger);
  const soon = laterBy(ledger.judgedOn, WARN_DAYS);
  return ledger.acceptances
    .map(({ path, rule, covers, ...written }): Exception => {
      const state =
        written.expires < ledger.judgedOn
          ? 'expired'
          : covers.length === 0
            ? 'unused'
            : written.expires <= soon
              ? 'expiring'
              : 'active';
      return {
        id: stableId('E', rule, path),
        rule,
        path,
        environment: environment(path),
        ...written,
        state,
        covers,
      };
    })
    .sort((a, b) => byText(a.expires + a.path + a.rule, b.expires + b.path + b.rule));
}

/** Every finding: those of the rules, and what is wrong with the acceptances. */
export function findingsOf(ledger: Ledger, problems: readonly GateProblem[]): Finding[] {
  const environment = environmentsOf(ledger);
  const rationales = new Map(ledger.rules.map(({ id, rationale }) => [id, rationale]));
  const evaluated = ledger.evaluations.filter(isFinding).map((e): Finding => {
    const part = e.finding;
    return {
      id: stableId('F', e.rule, part ?? '', e.path),
      rule: e.rule,
      ...(part !== undefined && { part }),
      resource: e.path,
      environment: environment(e.path),
      state: e.acceptedAt !== undefined ? 'accepted' : e.result === 'error' ? 'error' : 'open',
      detail: e.detail ?? rationales.get(e.rule) ?? e.rule,
      ...(e.acceptedAt !== undefined && { exception: stableId('E', fullRule(e), e.acceptedAt) }),
    };
  });
  const ofAcceptances = problems.map(({ rule, path, detail }): Finding => ({
    id: stableId('F', rule, detail, path),
    rule,
    resource: path,
    environment: environment(path),
    state: 'open',
    detail,
  }));
  return [...evaluated, ...ofAcceptances].sort((a, b) =>
    byText(a.environment + a.rule + a.resource + a.id, b.environment + b.rule + b.resource + b.id),
  );
}

/** The rules as the report shows them, with those that judge the acceptances where they found something. */
export function rulesOf(ledger: Ledger, problems: readonly GateProblem[]): Report['rules'] {
  const judged = [...new Set(problems.map(({ rule }) => rule))].map((id) => ({
    id,
    plugin: ACCEPTANCE_PLUGIN,
    controls: [RISK_MANAGEMENT],
    rationale: 'An exception that does not hold covers nothing.',
    counts: {
      compliant: 0,
      'non-compliant': problems.filter(({ rule }) => rule === id).length,
      'not-applicable': 0,
      error: 0,
    },
  }));
  return [...ledger.rules, ...judged].sort((a, b) => byText(a.id, b.id));
}

import { choices } from '../../release/guard/values';
import { plainPattern } from '../../shared/iam-patterns';
import { at, type Json, list, record } from './values';
import { worked } from './written';

/** One statement of a policy document. */
export interface Statement {
  /** `Allow` or `Deny`; one that cannot be read may be an Allow. */
  readonly effect: 'Allow' | 'Deny';
  /** Actions, as written. */
  readonly actions: readonly unknown[];
  /** Resources, as written. */
  readonly resources: readonly unknown[];
  /** Principals, whatever their kind; `*` where an Allow is for all but some. */
  readonly principals: readonly unknown[];
  /** Whether it names a provider that other identities come from. */
  readonly federated: boolean;
  /** Conditions, as written; empty when there is none. */
  readonly condition: Json;
}

/** A pattern as IAM reads it. */
function pattern(value: unknown): unknown {
  return typeof value === 'string' ? plainPattern(value) : value;
}

function principalsIn(principal: unknown): readonly unknown[] {
  return choices(principal)
    .flatMap((one) => (typeof one === 'string' ? [one] : Object.values(record(one)).flatMap(choices)))
    .map(pattern);
}

/** The statements of a policy document as they are written, in whichever form; of a choice those of every branch. */
export function writtenStatements(document: unknown): readonly unknown[] {
  return choices(worked(document)).flatMap((one) => {
    const parsed: unknown = typeof one === 'string' ? JSON.parse(one) : one;
    return choices(at(parsed, 'Statement'));
  });
}

/** The statements of a policy document, which may also be written as JSON text; of a choice those of every branch. */
export function statements(document: unknown): Statement[] {
  const patterns = (statement: unknown, name: string): readonly unknown[] =>
    choices(at(statement, name)).map(pattern);
  return writtenStatements(document).map((statement) => {
    const effects = choices(at(statement, 'Effect'));
    const effect = effects.length > 0 && effects.every((one) => one === 'Deny') ? 'Deny' : 'Allow';
    const others = effect === 'Allow' && at(statement, 'NotPrincipal') !== undefined ? ['*'] : [];
    return {
      effect,
      actions: [...patterns(statement, 'Action'), ...list(at(statement, 'NotAction')).map(() => '*')],
      resources: [...patterns(statement, 'Resource'), ...list(at(statement, 'NotResource')).map(() => '*')],
      principals: [...principalsIn(at(statement, 'Principal')), ...others],
      federated: choices(at(statement, 'Principal')).some((one) => at(one, 'Federated') !== undefined),
      condition: record(at(statement, 'Condition')),
    };
  });
}

/** Whether the policy denies one of the actions, or all of them, to everyone who comes without TLS. */
export function refusesPlainHttp(document: unknown, ...denied: readonly string[]): boolean {
  return statements(document).some(
    ({ effect, actions, principals, condition }) =>
      effect === 'Deny' &&
      actions.some((action) => ['*', ...denied].includes(String(action))) &&
      principals.includes('*') &&
      list(at(condition, 'Bool', 'aws:SecureTransport')).some((value) => String(value) === 'false'),
  );
}

import { at, type Json, list, record } from '../../template-rules/values';
import { UNKNOWN } from '../resolve';

/** One statement of a policy, resolved. */
export interface Statement {
  /** Whether it allows or denies. */
  readonly effect: 'Allow' | 'Deny';
  /** Actions that it is about; with `exceptActions` every one but these. */
  readonly actions: readonly string[];
  /** Whether `actions` says what it is not about. */
  readonly exceptActions: boolean;
  /** Resources that it is about; with `exceptResources` every one but these. */
  readonly resources: readonly string[];
  /** Whether `resources` says what it is not about. */
  readonly exceptResources: boolean;
  /** Principals that it names, such as ARNs, accounts, services and `*`. */
  readonly principals: readonly string[];
  /** Whether `principals` says who it is not about. */
  readonly exceptPrincipals: boolean;
  /** Conditions, by operator and key. */
  readonly condition: Json;
}

const ANYTHING = { actions: ['*'], resources: ['*'], principals: ['*'], condition: {} };

const texts = (value: unknown): string[] =>
  list(value).map((one) => (typeof one === 'string' ? one : UNKNOWN));

/** A variable of a policy may be anything when it is judged. */
function withoutVariables(resource: string): string {
  return resource.replace(/\$\{[^}]+\}/g, UNKNOWN);
}

function principalsOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Object.values(record(value)).flatMap(texts);
}

function statementOf(written: unknown): Statement | undefined {
  if (typeof written !== 'object' || written === null)
    // Decided by what is not known at synth: it may allow everything.
    return {
      effect: 'Allow',
      ...ANYTHING,
      exceptActions: false,
      exceptResources: false,
      exceptPrincipals: false,
    };
  const effect = at(written, 'Effect');
  if (effect !== 'Allow' && effect !== 'Deny' && effect !== UNKNOWN) return undefined;
  const [action, notAction] = [at(written, 'Action'), at(written, 'NotAction')];
  const [resource, notResource] = [at(written, 'Resource'), at(written, 'NotResource')];
  const [principal, notPrincipal] = [at(written, 'Principal'), at(written, 'NotPrincipal')];
  return {
    effect: effect === 'Deny' ? 'Deny' : 'Allow',
    actions: texts(action ?? notAction),
    exceptActions: action === undefined,
    resources: texts(resource ?? notResource ?? '*').map(withoutVariables),
    exceptResources: resource === undefined && notResource !== undefined,
    principals: principalsOf(principal ?? notPrincipal ?? []),
    exceptPrincipals: principal === undefined && notPrincipal !== undefined,
    condition: record(at(written, 'Condition')),
  };
}

/**
 * The statements of a policy document, which may also be JSON text.
 * @param certain - whether the policy is surely there; what a condition of the template may take away denies nothing
 */
export function statementsOf(document: unknown, certain = true): Statement[] {
  if (document === undefined) return [];
  let parsed: unknown = document;
  if (typeof document === 'string')
    try {
      parsed = JSON.parse(document) as unknown;
    } catch {
      parsed = UNKNOWN;
    }
  const written = typeof parsed === 'object' ? list(at(parsed, 'Statement')) : [parsed];
  return written.flatMap((one) => {
    const statement = statementOf(one);
    return statement && (certain || statement.effect === 'Allow') ? [statement] : [];
  });
}

/** The conditions in words; empty where there is none. */
export function wordsOf(condition: Json): string {
  return Object.entries(condition)
    .flatMap(([operator, keys]) =>
      Object.entries(record(keys)).map(
        ([key, values]) =>
          `${key} ${operator} ${list(values)
            .map((value) => String(value))
            .join(' or ')}`,
      ),
    )
    .join(', ');
}

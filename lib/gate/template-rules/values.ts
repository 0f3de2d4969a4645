import { choices } from '../../release/guard/values';
import { plainPattern } from '../../shared/iam-patterns';
import type { RenderedResource, Subject } from './rule';

/** A value of a template whose form is not known. */
export type Json = Readonly<Record<string, unknown>>;

/** The value as an object; empty when it is none. */
export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** The value as a list: itself, itself alone, or nothing. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** What stands at a path of property names, or undefined. */
export function at(value: unknown, ...names: readonly string[]): unknown {
  let inner = value;
  for (const name of names) inner = record(inner)[name];
  return inner;
}

/** Whether the value is true, as CloudFormation reads it. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/**
 * Whether the value names a customer managed key: any reference or ARN, but no alias that AWS owns.
 */
export function isCustomerKey(value: unknown): boolean {
  if (typeof value === 'string') return value !== '' && !value.includes('alias/aws/');
  return Object.keys(record(value)).length > 0 && !JSON.stringify(value).includes('alias/aws/');
}

/** The logical id that a `Ref` or `Fn::GetAtt` points at in the same template, or undefined. */
export function target(value: unknown): string | undefined {
  const reference = record(value);
  if (typeof reference['Ref'] === 'string') return reference['Ref'];
  const [logicalId] = list(reference['Fn::GetAtt']);
  return typeof logicalId === 'string' ? logicalId.split('.')[0] : undefined;
}

/** The resources of the same template that have the type. */
export function siblingsOf(subject: Subject, type: string): RenderedResource[] {
  return Object.values(subject.siblings).filter((resource) => resource.Type === type);
}

/** One statement of a policy document. */
export interface Statement {
  /** `Allow` or `Deny`. */
  readonly effect: unknown;
  /** Actions, as written. */
  readonly actions: readonly unknown[];
  /** Resources, as written. */
  readonly resources: readonly unknown[];
  /** Principals, whatever their kind; `*` where an Allow is for all but some. */
  readonly principals: readonly unknown[];
  /** Conditions, as written; empty when there is none. */
  readonly condition: Json;
}

/** A pattern as IAM reads it, also one that is written as text with references. */
function pattern(value: unknown): unknown {
  const text = at(value, 'Fn::Sub') ?? value;
  return typeof text === 'string' ? plainPattern(text) : value;
}

function principalsIn(principal: unknown): readonly unknown[] {
  return choices(principal)
    .flatMap((one) => (typeof one === 'string' ? [one] : Object.values(record(one)).flatMap(choices)))
    .map(pattern);
}

/** The statements of a policy document, which may also be written as JSON text; of a choice those of both branches. */
export function statements(document: unknown): Statement[] {
  const parsed: unknown = typeof document === 'string' ? JSON.parse(document) : document;
  const patterns = (statement: unknown, name: string): readonly unknown[] =>
    choices(at(statement, name)).map(pattern);
  return choices(at(parsed, 'Statement')).map((statement) => {
    const effect = at(statement, 'Effect');
    const others = effect === 'Allow' && at(statement, 'NotPrincipal') !== undefined ? ['*'] : [];
    return {
      effect,
      actions: [...patterns(statement, 'Action'), ...list(at(statement, 'NotAction')).map(() => '*')],
      resources: [...patterns(statement, 'Resource'), ...list(at(statement, 'NotResource')).map(() => '*')],
      principals: [...principalsIn(at(statement, 'Principal')), ...others],
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

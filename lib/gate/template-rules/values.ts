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

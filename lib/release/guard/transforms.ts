import { isObject } from './values';

const MACRO = 'AWS::CloudFormation::Macro';

/**
 * Where a template says that CloudFormation puts something else in its place, which the template itself does not show: for
 * the whole of it, in any part of it (`Fn::Transform`, as `AWS::Include` has it), or by a macro for whoever uses it.
 */
export function transformIn(template: Readonly<Record<string, unknown>>): string | undefined {
  return template.Transform === undefined ? within(template, []) : 'Transform';
}

function within(value: unknown, place: readonly string[]): string | undefined {
  if (!Array.isArray(value) && !isObject(value)) return undefined;
  if (isObject(value) && ('Fn::Transform' in value || value.Type === MACRO))
    return place.length === 0 ? 'Fn::Transform' : place.join('.');
  for (const [name, inner] of Object.entries(value)) {
    const found = within(inner, [...place, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

import type { Found, TemplateResource } from './model';
import { nameOf } from './places';
import { isObject, show } from './values';

const ROLE = /Role(Arn|ARN)?$/;

/** Another role for what is there, wherever it is named: what it may do is what that role may do. */
export function recast(id: string, was: TemplateResource, is: TemplateResource): readonly Found[] {
  const known = rolesIn(was.Properties);
  return [...rolesIn(is.Properties)]
    .filter(([place, role]) => known.get(place) !== role)
    .map(([place, role]) => ({
      ...{ kind: 'iam', id, change: `take ${place} ${role}` },
      words: `It would act as ${role} (${place}) from then on.`,
    }));
}

/** The roles that a value names, by where it does. */
function rolesIn(value: unknown, place = ''): ReadonlyMap<string, string> {
  const inner = (one: unknown, step: string): [string, string][] => [
    ...rolesIn(one, place === '' ? step : `${place}.${step}`),
  ];
  if (Array.isArray(value)) return new Map(value.flatMap((one, at) => inner(one, nameOf(one, at))));
  if (!isObject(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([name, one]) =>
      ROLE.test(name)
        ? [[place === '' ? name : `${place}.${name}`, show(one)] as [string, string]]
        : inner(one, name),
    ),
  );
}

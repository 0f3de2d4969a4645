import type { Found, TemplateResource } from './model';
import { isObject, show } from './values';

const ROLE = /Role(Arn|ARN)?$/;
/** What tells the elements of a list apart, such as an event's targets. */
const NAMES = ['Id', 'Name', 'SID'] as const;

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
  if (Array.isArray(value)) return new Map(value.flatMap((one, at) => inner(one, nameOf(one) ?? String(at))));
  if (!isObject(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([name, one]) =>
      ROLE.test(name)
        ? [[place === '' ? name : `${place}.${name}`, show(one)] as [string, string]]
        : inner(one, name),
    ),
  );
}

function nameOf(element: unknown): string | undefined {
  if (!isObject(element)) return undefined;
  const name = NAMES.map((one) => element[one]).find((one) => one !== undefined);
  return name === undefined ? undefined : show(name);
}

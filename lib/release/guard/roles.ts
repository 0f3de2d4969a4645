import { isThere } from './holders';
import type { ChangeSet, Found, TemplateResource } from './model';
import { nameOf } from './places';
import { choices, isAbsent, isObject, show } from './values';

/** Properties that name a role; an API's integrations and authorizers call theirs credentials. */
const ROLE = /((Role|InstanceProfile)((Arn|ARN)s?)?|Credentials(Arn)?|DeliverLogsPermissionArn)$/;
/** Roles whose powers AWS fixes, each for one of its services. */
const OF_A_SERVICE = ':role/aws-service-role/';

/** Another role for what is there, wherever it is named: what it may do is what that role may do. */
export function recast(id: string, was: TemplateResource, is: TemplateResource): readonly Found[] {
  const known = rolesIn(was.Properties);
  return [...rolesIn(is.Properties)]
    .filter(([place, role]) => show(known.get(place)) !== show(role))
    .map(([place, role]) => take(id, place, role, 'from then on'));
}

/** A role that is there for what is new: code that nobody has judged comes by all that the role may do. */
export function cast(id: string, is: TemplateResource, set: ChangeSet): readonly Found[] {
  return [...rolesIn(is.Properties)]
    .filter(([, role]) => choices(role).some((one) => !isOfService(one) && isThere(one, set)))
    .map(([place, role]) => take(id, place, role, 'though it is new'));
}

function take(id: string, place: string, role: unknown, when: string): Found {
  const words = `It would act as ${show(role)} (${place}) ${when}.`;
  return { kind: 'iam', id, change: `take ${place} ${show(role)}`, words };
}

function isOfService(role: unknown): boolean {
  return isAbsent(role) || show(role).includes(OF_A_SERVICE);
}

/** The roles that a value names, by where it does. */
function rolesIn(value: unknown, place = ''): ReadonlyMap<string, unknown> {
  const inner = (one: unknown, step: string): [string, unknown][] => [
    ...rolesIn(one, place === '' ? step : `${place}.${step}`),
  ];
  if (Array.isArray(value)) return new Map(value.flatMap((one, at) => inner(one, nameOf(one, at))));
  if (!isObject(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([name, one]) =>
      ROLE.test(name)
        ? [[place === '' ? name : `${place}.${name}`, named(one)] as [string, unknown]]
        : inner(one, name),
    ),
  );
}

/** A launch template names its profile by one of its attributes. */
function named(role: unknown): unknown {
  const { Arn, Name }: Readonly<Record<string, unknown>> = isObject(role) ? role : {};
  return Arn ?? Name ?? role;
}

import { canonical } from '../../gate/chain/canonical';
import type { TemplateResource } from './model';
import { defaultOf } from './endpoints';
import { policiesIn } from './policies';
import { sharesOf } from './shares';
import { isIntrinsic, isObject, listOf, show } from './values';

/** One action on one resource for one principal, as a policy allows or denies it. */
export interface Grant {
  /** Whether it allows or denies. */
  readonly effect: 'Allow' | 'Deny';
  /** The action; `everything but ...` for the inverse form. */
  readonly action: string;
  /** The resource, empty where the policy belongs to it. */
  readonly resource: string;
  /** Who, empty where the policy belongs to them. */
  readonly principal: string;
  /** Its conditions as canonical JSON, empty without. */
  readonly condition: string;
}

/** How an action, a resource or a principal of the inverse form begins. */
export const BUT = 'everything but ';

/** The action of a grant that is a whole policy, which its resource names. */
export const ALL_OF = 'all of';

/** The action of a grant that is a policy, or a part of one, which only the deployment tells. */
export const UNREAD = 'something unread';

/** Every grant in every policy of a resource: its own, inline ones, trust and key policies. */
export function grantsOf(resource: TemplateResource): readonly Grant[] {
  const { Properties = {} } = resource;
  const { statements, unread } = policiesIn(Properties);
  const grants = [...statements, ...defaultOf(resource)].flatMap(grantsOfStatement);
  grants.push(...sharesOf(resource), ...unread.map((text) => wholePolicy(UNREAD, text)));
  for (const arn of listOf(Properties.ManagedPolicyArns)) grants.push(wholePolicy(ALL_OF, show(arn)));
  return grants;
}

function wholePolicy(action: string, resource: string): Grant {
  return { effect: 'Allow', action, resource, principal: '', condition: '' };
}

function grantsOfStatement(statement: Readonly<Record<string, unknown>>): Grant[] {
  const { Effect, Condition } = statement;
  const effect = Effect === 'Deny' ? 'Deny' : 'Allow';
  const condition = Condition === undefined ? '' : canonical(Condition);
  const actions = oneOrBut(statement.Action, statement.NotAction);
  const resources = oneOrBut(statement.Resource, statement.NotResource);
  const principals = oneOrBut(principalsOf(statement.Principal), principalsOf(statement.NotPrincipal));
  return actions.flatMap((action) =>
    resources.flatMap((resource) =>
      principals.map((principal) => ({ effect, action, resource, principal, condition })),
    ),
  );
}

function oneOrBut(these: unknown, notThese: unknown): readonly string[] {
  if (notThese !== undefined) return [`${BUT}${listOf(notThese).map(show).sort().join(', ')}`];
  return these === undefined ? [''] : listOf(these).map(show);
}

function principalsOf(principal: unknown): readonly string[] | undefined {
  if (principal === undefined) return undefined;
  if (!isObject(principal)) return [show(principal)];
  return Object.entries(principal).flatMap(([kind, who]) => listOf(who).map((one) => `${kind} ${show(one)}`));
}

/** Whether everything that one grant says is said by the other too. */
export function covers(wide: Grant, narrow: Grant): boolean {
  return (
    wide.effect === narrow.effect &&
    matches(wide.action, narrow.action, true) &&
    matches(wide.resource, narrow.resource) &&
    (wide.principal === '*' || wide.principal === 'AWS *' || wide.principal === narrow.principal) &&
    asksLess(wide.condition, narrow.condition)
  );
}

/** Whether one condition asks for nothing that the other does not: each that comes to it keeps more out. */
function asksLess(wide: string, narrow: string): boolean {
  if (wide === '' || wide === narrow) return true;
  const asked = new Set(partsOf(narrow));
  return partsOf(wide).every((part) => asked.has(part));
}

function partsOf(condition: string): readonly string[] {
  const operators = Object.entries((condition === '' ? {} : JSON.parse(condition)) as object);
  return operators.flatMap(([operator, keys]: [string, unknown]) =>
    isObject(keys) && !isIntrinsic(keys)
      ? Object.entries(keys).map(([key, values]) => canonical([operator, key, values]))
      : canonical([operator, keys]),
  );
}

function matches(pattern: string, text: string, anyCase = false): boolean {
  if (pattern === text) return true;
  if (pattern.startsWith(BUT) || text.startsWith(BUT) || !/[*?]/.test(pattern)) return false;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    // One character of a name, and not the wildcard that stands for many.
    .replace(/\?/g, '[^*]');
  return new RegExp(`^${source}$`, anyCase ? 'i' : '').test(text);
}

/** A grant in words; the same text for the same grant. */
export function grantWords({ effect, action, resource, principal, condition }: Grant): string {
  const parts = [
    effect === 'Allow' ? 'allow' : 'deny',
    action,
    ...(resource === '' ? [] : ['on', resource]),
    ...(principal === '' ? [] : ['to', principal]),
    ...(condition === '' ? [] : ['if', condition]),
  ];
  return parts.join(' ');
}

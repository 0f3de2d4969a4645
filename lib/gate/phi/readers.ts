import type { Entity, Estate } from '../estate/estate';
import { arnOf } from '../estate/names';
import { once } from '../estate/once';
import { type Access, isAccount, outsiders, permits } from '../estate/iam/access';
import { becomes } from '../estate/iam/become';
import { assumedBy, type Principal, principalsOf } from '../estate/iam/principals';
import { type Statement, statementsOf } from '../estate/iam/statements';
import type { Way } from './kinds';
import { keyMeant, type Store } from './stores';

/** Somebody who can come to what a store holds, or use a key. */
export interface Reader {
  /** Construct path of the role, user or group; for others what the policy calls them. */
  readonly name: string;
  /** How. */
  readonly how: string;
  /** Conditions that the templates do not decide; empty where there is none. */
  readonly condition: string;
  /** Who may become it, as its trust policy says. */
  readonly assumedBy: readonly string[];
}

/** Reads that would be possible with every permission that cannot be told: nothing is known of the type. */
const NOT_KNOWN: Reader = {
  name: 'not known',
  how: 'no permission of this type is known here',
  condition: '',
  assumedBy: [],
};

/** What lets somebody decrypt, directly or by letting themselves. */
const DECRYPTS = ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant', 'kms:PutKeyPolicy'];

const keyPolicy = once((key: Entity): readonly Statement[] => statementsOf(key.properties['KeyPolicy']));

/** The actions that the key's policy leaves the account's own policies to decide about. */
const leftToAccount = once(
  (key: Entity): ReadonlySet<string> =>
    new Set(
      DECRYPTS.filter((action) =>
        outsiders(keyPolicy(key), { action, resource: arnOf(key) }).some(
          ({ name }) => isAccount(name) && name.includes(key.account),
        ),
      ),
    ),
);

/** Whether a principal may use a key so, by the key's policy and its own together. */
function mayUseKey(principal: Principal, key: Entity, action: string, via?: string): Access {
  const policy = keyPolicy(key);
  return permits(
    principal,
    { action, resource: arnOf(key), policy, ...(via !== undefined && { via }) },
    leftToAccount(key).has(action),
  );
}

/** Both conditions in words. */
function both(a: string, b: string): string {
  return [...new Set([a, b].filter((words) => words !== ''))].join('; ');
}

function first(attempts: readonly (() => Access)[]): Access {
  let conditional: Access = { allowed: false };
  for (const attempt of attempts) {
    const access = attempt();
    if (access.allowed && access.condition === '') return access;
    if (!conditional.allowed) conditional = access;
  }
  return conditional;
}

/** Whether a principal can come to what the store holds in this way. */
function comesBy(estate: Estate, principal: Principal, store: Store, way: Way): Access {
  let condition = '';
  for (const { actions, on, policy } of way.needs) {
    const resource = on(store.entity);
    const access = first(
      actions.map(
        (action) => () =>
          permits(principal, { action, resource, ...(policy === true && { policy: store.policy }) }),
      ),
    );
    if (!access.allowed) return access;
    condition = both(condition, access.condition);
  }
  const key = way.key && keyMeant(estate, way.key.of(store.entity.properties));
  if (!key) return { allowed: true, condition };
  const { via } = way.key;
  const access = first(DECRYPTS.slice(0, 3).map((action) => () => mayUseKey(principal, key, action, via)));
  return access.allowed ? { allowed: true, condition: both(condition, access.condition) } : access;
}

function oneEach(readers: readonly Reader[]): Reader[] {
  const seen = new Map<string, Reader>();
  for (const reader of readers) {
    const known = seen.get(reader.name);
    if (!known) seen.set(reader.name, reader);
    else if (!known.how.includes(reader.how))
      seen.set(reader.name, {
        ...known,
        how: `${known.how}, ${reader.how}`,
        condition:
          known.condition === '' || reader.condition === '' ? '' : both(known.condition, reader.condition),
      });
  }
  return [...seen.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const asReader = (principal: Principal, how: string, condition: string): Reader => ({
  name: principal.entity.path,
  how,
  condition,
  assumedBy: assumedBy(principal),
});

/** Who gains what the readers can, by becoming one of them. */
function withBecoming(estate: Estate, readers: readonly Reader[]): Reader[] {
  const reading = new Map(readers.map((reader) => [reader.name, reader]));
  return oneEach([
    ...readers,
    ...becomes(estate).flatMap(({ who, whom, how, condition }) => {
      const reader = reading.get(whom.entity.path);
      return reader && !reading.has(who.entity.path)
        ? [
            asReader(
              who,
              `${how} ${whom.entity.path}, which ${reader.how}`,
              both(condition, reader.condition),
            ),
          ]
        : [];
    }),
  ]);
}

function readersAmong(estate: Estate, store: Store): readonly Reader[] {
  const { kind, policy } = store;
  if (!kind) return [NOT_KNOWN];
  const principals = principalsOf(estate);
  const direct = principals.flatMap((principal) =>
    kind.ways.flatMap((way) => {
      const access = comesBy(estate, principal, store, way);
      return access.allowed ? [asReader(principal, way.words, access.condition)] : [];
    }),
  );
  const named = new Set(principals.map(({ arn }) => arn));
  const others = kind.ways.flatMap(({ words, needs }) =>
    needs
      .filter((need) => need.policy === true)
      .flatMap(({ actions, on }) =>
        actions.flatMap((action) => outsiders(policy, { action, resource: on(store.entity) })),
      )
      .filter(({ name }) => !named.has(name))
      .map(({ name, condition }): Reader => ({ name, how: words, condition, assumedBy: [] })),
  );
  return withBecoming(estate, oneEach([...direct, ...others]));
}

const readersByStore = once((estate: Estate) => once((store: Store) => readersAmong(estate, store)));

/** Everybody who can come to what the store holds, as far as the templates tell; what is not known counts as can. */
export function readersOf(estate: Estate, store: Store): readonly Reader[] {
  return readersByStore(estate)(store);
}

/** Everybody who can decrypt by the key, or let themselves; the account's root stands for its administrators. */
export function decryptorsOf(estate: Estate, key: Entity): Reader[] {
  const principals = principalsOf(estate);
  const policy = keyPolicy(key);
  const direct = principals.flatMap((principal) =>
    DECRYPTS.flatMap((action) => {
      const access = mayUseKey(principal, key, action);
      return access.allowed ? [asReader(principal, action, access.condition)] : [];
    }),
  );
  const named = new Set(principals.map(({ arn }) => arn));
  const others = DECRYPTS.flatMap((action) => {
    const found = outsiders(policy, { action, resource: arnOf(key) });
    return found
      .filter(({ name }) => !named.has(name))
      .map(({ name, condition }): Reader => ({ name, how: action, condition, assumedBy: [] }));
  });
  return withBecoming(estate, oneEach([...direct, ...others]));
}

import * as crypto from 'node:crypto';
import type { z } from 'zod';

/** Which resource of which stack a call is for. */
export interface Identity {
  /** Account that the stack is deployed to. */
  readonly account: string;
  /** Region that the stack is deployed to. */
  readonly region: string;
  /** A name of its own for the resource, the same at every call; at most 60 of a-z, A-Z, 0-9 and hyphen. */
  readonly name: string;
  /** The same, but another one when the properties differ: for what cannot be changed in place. */
  readonly versionedName: string;
}

/** What CloudFormation is told about a resource. */
export interface Made {
  /** What `Ref` gives. */
  readonly id: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** How one resource type is made over the emulator's public API. Every call may be repeated. */
export interface Operations<Properties> {
  /** Makes it, or finds the one that an earlier, half-failed call made; leaves nothing behind when it fails. */
  readonly create: (properties: Properties, identity: Identity) => Promise<Made>;
  /** Changes it in place; without this, a change makes a new one and the old one is deleted afterwards. */
  readonly update?: (
    id: string,
    properties: Properties,
    previous: Properties,
    identity: Identity,
  ) => Promise<Made>;
  /** Deletes it; one that is gone already is no error. Without this, it ends with what it belongs to. */
  readonly remove?: (id: string, properties: Properties, identity: Identity) => Promise<void>;
}

/** The operations of a type, over properties that have not been looked at yet. */
export type Bridge = Operations<unknown>;

/**
 * A type's operations behind the schema of its properties, so that a property of another shape than
 * expected fails the deployment and names itself.
 */
export function bridge<Schema extends z.ZodType>(
  schema: Schema,
  operations: Operations<z.output<Schema>>,
): Bridge {
  const { update, remove } = operations;
  return {
    create: (properties, identity) => operations.create(schema.parse(properties), identity),
    ...(update && {
      update: (id, properties, previous, identity) =>
        update(id, schema.parse(properties), schema.parse(previous), identity),
    }),
    ...(remove && {
      remove: (id, properties, identity) => remove(id, schema.parse(properties), identity),
    }),
  };
}

/** The identity of a resource, derived from where it stands in its stack. */
export function identify(stackId: string, logicalId: string, properties: unknown): Identity {
  const [, , , region = '', account = ''] = stackId.split(':');
  const name = `${logicalId.slice(0, 40)}-${digest(stackId + logicalId)}`;
  return {
    account,
    region,
    name,
    versionedName: `${name.slice(0, 50)}-${digest(JSON.stringify(properties))}`,
  };
}

function digest(text: string): string {
  return crypto.createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Runs a call that may find its object gone: any error whose name or message matches counts as done. */
export async function unless(pattern: RegExp, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof Error) || !pattern.test(`${error.name} ${error.message}`)) throw error;
  }
}

/** What the SDK promises but types as optional. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The emulator gave no ${what}.`);
  return value;
}

/** An object without some of its properties. */
export function without<T extends object, Key extends keyof T>(value: T, ...keys: Key[]): Omit<T, Key> {
  const copy = { ...value };
  for (const key of keys) Reflect.deleteProperty(copy, key);
  return copy;
}

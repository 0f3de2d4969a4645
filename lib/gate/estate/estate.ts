import type { RenderedResource } from '../template-rules/rule';
import { at, type Json, record } from '../template-rules/values';
import { arnOf, attributeOf, type Named, refOf } from './names';
import { resolve, type Scope, UNKNOWN } from './resolve';

/** One stack of an environment, as it was written to disk. */
export interface StackTemplate {
  /** Construct path of the stack. */
  readonly path: string;
  /** Account id; absent where it is not known at synth. */
  readonly account?: string;
  /** Region; absent where it is not known at synth. */
  readonly region?: string;
  /** The template. */
  readonly template: Json;
  /** The construct path of a resource by its logical id; without it the stack's path and the logical id are it. */
  readonly pathOf?: (logicalId: string) => string | undefined;
}

/** One resource of an environment, with everything in it resolved across stacks. */
export interface Entity extends Named {
  /** Properties, resolved. */
  readonly properties: Json;
  /** Construct path. */
  readonly path: string;
  /** Construct path of its stack. */
  readonly stack: string;
  /** Logical id in its template. */
  readonly logicalId: string;
  /** Whether a condition of the template decides if it is there at all. */
  readonly conditional: boolean;
}

/** Every resource of one environment at once. */
export interface Estate {
  /** Every resource, in the order of the templates. */
  readonly entities: readonly Entity[];
  /** The resources of some types. */
  readonly ofType: (...types: readonly string[]) => readonly Entity[];
  /** The resource that a resolved value means: its `Ref`, its ARN or an attribute of it. */
  readonly meant: (value: unknown) => Entity | undefined;
}

const PSEUDO: Readonly<Record<string, string | undefined>> = {
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': undefined,
};

/** The resource itself, or what it says once it is asked: most resources of a template are never looked into. */
class LazyEntity implements Entity {
  readonly path: string;
  readonly stack: string;
  readonly token: string;
  readonly type: string;
  readonly account: string;
  readonly region: string;
  readonly conditional: boolean;
  private resolved: Json | undefined;
  private readonly single = new Map<string, unknown>();

  constructor(
    stack: StackTemplate,
    readonly logicalId: string,
    private readonly resource: RenderedResource,
    private readonly scope: Scope,
  ) {
    this.stack = stack.path;
    this.path = stack.pathOf?.(logicalId) ?? `${stack.path}/${logicalId}`;
    this.token = `«${stack.path}|${logicalId}»`;
    this.type = resource.Type;
    this.account = stack.account ?? '«account»';
    this.region = stack.region ?? '«region»';
    this.conditional = at(resource, 'Condition') !== undefined;
  }

  property(name: string): unknown {
    if (this.resolved) return this.resolved[name];
    if (!this.single.has(name)) {
      const written = at(this.resource.Properties, name);
      // As below: what refers to itself finds itself as it is written.
      this.single.set(name, written);
      this.single.set(name, resolve(written, this.scope));
    }
    return this.single.get(name);
  }

  get properties(): Json {
    if (this.resolved) return this.resolved;
    // A resource that refers to itself, by whatever way, finds its properties as they are written.
    this.resolved = this.resource.Properties ?? {};
    this.resolved = record(resolve(this.resource.Properties, this.scope));
    return this.resolved;
  }
}

/** Puts the stacks of one environment together, so that what crosses them is seen. */
export function estateOf(stacks: readonly StackTemplate[]): Estate {
  const byStack = new Map<string, Map<string, LazyEntity>>();
  const scopes = new Map<string, Scope>();
  const exported = new Map<string, () => unknown>();
  for (const stack of stacks) {
    const own = new Map<string, LazyEntity>();
    byStack.set(stack.path, own);
    const scope: Scope = {
      ref: (name) => {
        if (name === 'AWS::AccountId') return stack.account ?? '«account»';
        if (name === 'AWS::Region') return stack.region ?? '«region»';
        if (name in PSEUDO) return PSEUDO[name];
        if (name.startsWith('AWS::')) return `«${stack.path}|${name}»`;
        const entity = own.get(name);
        return entity ? refOf(entity) : UNKNOWN;
      },
      attribute: (logicalId, attribute) => {
        const entity = own.get(logicalId);
        return entity ? attributeOf(entity, attribute) : UNKNOWN;
      },
      imported: (name) => exported.get(name)?.() ?? UNKNOWN,
    };
    scopes.set(stack.path, scope);
    for (const [logicalId, resource] of Object.entries(record(stack.template['Resources'])))
      own.set(logicalId, new LazyEntity(stack, logicalId, resource as RenderedResource, scope));
  }
  for (const { path, template } of stacks) {
    const scope = scopes.get(path);
    if (!scope) continue;
    for (const output of Object.values(record(template['Outputs']))) {
      const name = resolve(at(output, 'Export', 'Name'), scope);
      if (typeof name === 'string') exported.set(name, () => resolve(at(output, 'Value'), scope));
    }
  }
  return put([...byStack.values()].flatMap((own) => [...own.values()]));
}

function put(entities: readonly Entity[]): Estate {
  const types = new Map<string, Entity[]>();
  const tokens = new Map<string, Entity>();
  for (const entity of entities) {
    types.set(entity.type, [...(types.get(entity.type) ?? []), entity]);
    tokens.set(entity.token, entity);
  }
  let names: Map<string, Entity> | undefined;
  const named = (): Map<string, Entity> =>
    (names ??= new Map(
      entities.flatMap((entity) =>
        [refOf(entity), arnOf(entity)].map((name): [string, Entity] => [name, entity]),
      ),
    ));
  const find = (value: string): Entity | undefined => {
    const [, stack, logicalId] = /^«([^|»]+)\|([^|»]+)(?:\|[^»]*)?»$/.exec(value) ?? [];
    return (stack && logicalId && tokens.get(`«${stack}|${logicalId}»`)) || named().get(value);
  };
  // A few hundred names are asked for thousands of times.
  const found = new Map<string, Entity | undefined>();
  return {
    entities,
    ofType: (...wanted) => wanted.flatMap((type) => types.get(type) ?? []),
    meant: (value) => {
      if (typeof value !== 'string') return undefined;
      if (!found.has(value)) found.set(value, find(value));
      return found.get(value);
    },
  };
}

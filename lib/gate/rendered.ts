import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, CfnResource, type IPolicyValidationContext, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { listOf, referencesIn } from '../release/guard/values';
import type { RenderedResource } from './template-rules/rule';

/** A stack as it was written to disk, and the constructs behind it. */
export interface RenderedStack {
  /** Construct path. */
  readonly path: string;
  /** The template file. */
  readonly templatePath: string;
  /** What the template says, by logical id. */
  readonly resources: Readonly<Record<string, RenderedResource>>;
  /** What the resources may refer to beside each other: parameters, mappings, conditions. */
  readonly surroundings: Readonly<Record<string, unknown>>;
  /** What it gives to other stacks. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The construct that rendered a resource, by logical id. */
  readonly constructs: ReadonlyMap<string, CfnResource>;
}

/** What a resource is called in its template; an override, as versions of functions have one, counts. */
export function logicalIdOf(node: CfnResource): string {
  return String(Stack.of(node).resolve(node.logicalId));
}

/**
 * Every stack of the application as written to disk.
 * @throws Error when a template holds a resource that no construct renders
 */
export function renderedStacks(context: IPolicyValidationContext): RenderedStack[] {
  const constructs = new Map<string, Map<string, CfnResource>>();
  for (const node of context.appConstruct.node.findAll()) {
    if (!CfnResource.isCfnResource(node)) continue;
    const stack = Stack.of(node);
    const own = constructs.get(stack.node.path) ?? new Map<string, CfnResource>();
    constructs.set(stack.node.path, own.set(logicalIdOf(node), node));
  }
  return context.stackTemplates.map(({ stackConstructPath, templatePath }) => {
    const {
      Resources: resources = {},
      Outputs: outputs = {},
      ...surroundings
    } = JSON.parse(fs.readFileSync(templatePath, 'utf8')) as {
      readonly Resources?: Readonly<Record<string, RenderedResource>>;
      readonly Outputs?: Readonly<Record<string, unknown>>;
    };
    const own = constructs.get(stackConstructPath) ?? new Map<string, CfnResource>();
    for (const logicalId of Object.keys(resources))
      if (!own.has(logicalId))
        throw new Error(
          `${stackConstructPath}: no construct renders ${logicalId}, so no rule can be accepted for it`,
        );
    return { path: stackConstructPath, templatePath, resources, outputs, surroundings, constructs: own };
  });
}

/** What the library renders a resource by, and a resource could have of its own. */
const RENDERING = ['_toCloudFormation', 'cfnProperties', 'renderProperties'];

/** The library's class of a type, in the line of a construct's prototypes, with what stands before it. */
function lineage(construct: CfnResource): { readonly type: unknown; readonly own: readonly object[] } {
  const own: object[] = [construct];
  for (
    let one: unknown = Object.getPrototypeOf(construct);
    one instanceof Object;
    one = Object.getPrototypeOf(one)
  ) {
    if (Object.hasOwn(one.constructor, 'CFN_RESOURCE_TYPE_NAME'))
      return { type: Reflect.get(one.constructor, 'CFN_RESOURCE_TYPE_NAME'), own };
    own.push(one);
  }
  return { type: undefined, own };
}

/**
 * Whether the template can say other than the construct's class and properties do: a raw resource, one with an override,
 * one that renders itself. Whatever is not surely as the library makes it counts as such.
 */
function isUnlikeItsConstruct(construct: CfnResource, rendered: RenderedResource): boolean {
  const { type, own } = lineage(construct);
  const overrides: unknown = Reflect.get(construct, 'rawOverrides');
  return (
    type !== rendered.Type ||
    typeof overrides !== 'object' ||
    Object.keys(overrides ?? { unknown: true }).length > 0 ||
    own.some((one) => RENDERING.some((name) => Object.hasOwn(one, name)))
  );
}

/**
 * Types that each of the 90 rules judges by the resource alone, and that none looks for beside another: what the library
 * makes raw in most applications. A test asks the rules. No rule asks for a custom resource.
 */
export const JUDGED_ALONE: readonly string[] = ['AWS::IAM::Role', 'AWS::Lambda::Function'];

/** Resources and all that they refer to, from one template. */
function withReferences(ids: readonly string[], resources: RenderedStack['resources']): ReadonlySet<string> {
  const found = new Set(ids);
  for (const id of found) {
    const { DependsOn, ...rest } = resources[id] as RenderedResource & { readonly DependsOn?: unknown };
    for (const other of [...referencesIn(rest), ...listOf(DependsOn)])
      if (typeof other === 'string' && other in resources) found.add(other);
  }
  return found;
}

/** What the templates say, as constructs again. */
export interface ReadBack {
  /** For each resource whose template may differ from its construct, and for those that a rule reads beside it, what was read of it. */
  readonly twins: ReadonlyMap<CfnResource, CfnResource>;
  /** Stacks of which nothing could be read back, by path, and why. */
  readonly failures: ReadonlyMap<string, string>;
}

/**
 * Reads the templates back as typed constructs: a property override is in them, and a raw resource is of the class of
 * its type. cdk-nag judges classes and their properties, so it sees here what it cannot see in the application. A stack
 * whose resources are all as their constructs say is not read back: its constructs are judged, which is what the template
 * says. A rule can look at the resources beside the one that it judges, hence whole stacks; of one whose only unlike resources are
 * {@link JUDGED_ALONE}, these are read back alone.
 */
export function readBack(stacks: readonly RenderedStack[]): ReadBack {
  // Never synthesised: under the CDK's CLI an application writes itself at the end of the process, over the real one.
  const app = new App({
    ...{ analyticsReporting: false, autoSynth: false, stackTraces: false, treeMetadata: false },
  });
  const twins = new Map<CfnResource, CfnResource>();
  const failures = new Map<string, string>();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'read-back-'));
  try {
    for (const [index, stack] of stacks.entries()) {
      const { resources, constructs } = stack;
      const read = toBeRead(stack);
      if (read.length === 0) continue;
      try {
        const templateFile = path.join(folder, `${index}.json`);
        const needed = withReferences(read, resources);
        const parts = Object.entries(resources).filter(([id]) => needed.has(id));
        fs.writeFileSync(
          templateFile,
          JSON.stringify({ ...stack.surroundings, Resources: Object.fromEntries(parts) }),
        );
        const template = new CfnInclude(new Stack(app, `Rendered${index}`), 'Template', { templateFile });
        for (const id of read) {
          const own = constructs.get(id);
          if (own) twins.set(own, template.getResource(id));
        }
      } catch (error) {
        failures.set(stack.path, error instanceof Error ? error.message : String(error));
      }
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  return { twins, failures };
}

/** Logical ids of the resources of a stack that are read back. */
function toBeRead({ resources, constructs }: RenderedStack): readonly string[] {
  const unlike = Object.entries(resources).filter(([id, resource]) => {
    const construct = constructs.get(id);
    return construct !== undefined && isUnlikeItsConstruct(construct, resource);
  });
  const alone = unlike.every(([, { Type }]) => JUDGED_ALONE.includes(Type) || Type.startsWith('Custom::'));
  return alone ? unlike.map(([id]) => id) : Object.keys(resources);
}

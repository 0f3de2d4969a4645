import * as fs from 'node:fs';
import { App, CfnResource, type IPolicyValidationContext, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import type { RenderedResource } from './template-rules/rule';

/** A stack as it was written to disk, and the constructs behind it. */
export interface RenderedStack {
  /** Construct path. */
  readonly path: string;
  /** The template file. */
  readonly templatePath: string;
  /** What the template says, by logical id. */
  readonly resources: Readonly<Record<string, RenderedResource>>;
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
  return context.stackTemplates.map(({ stackConstructPath: path, templatePath }) => {
    const template = JSON.parse(fs.readFileSync(templatePath, 'utf8')) as {
      readonly Resources?: Readonly<Record<string, RenderedResource>>;
      readonly Outputs?: Readonly<Record<string, unknown>>;
    };
    const resources = template.Resources ?? {};
    const own = constructs.get(path) ?? new Map<string, CfnResource>();
    for (const logicalId of Object.keys(resources))
      if (!own.has(logicalId))
        throw new Error(`${path}: no construct renders ${logicalId}, so no rule can be accepted for it`);
    return { path, templatePath, resources, outputs: template.Outputs ?? {}, constructs: own };
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

/** What the templates say, as constructs again. */
export interface ReadBack {
  /** For each resource of the stacks that were read back, what was read of it. */
  readonly twins: ReadonlyMap<CfnResource, CfnResource>;
  /** Stacks of which nothing could be read back, by path, and why. */
  readonly failures: ReadonlyMap<string, string>;
}

/**
 * Reads the templates back as typed constructs: a property override is in them, and a raw resource is of the class of
 * its type. cdk-nag judges classes and their properties, so it sees here what it cannot see in the application. A stack
 * whose resources are all as their constructs say is not read back: its constructs are judged, which is what the template
 * says. A rule can look at the resources beside the one that it judges, hence whole stacks.
 */
export function readBack(stacks: readonly RenderedStack[]): ReadBack {
  // Never synthesised: under the CDK's CLI an application writes itself at the end of the process, over the real one.
  const app = new App({
    ...{ analyticsReporting: false, autoSynth: false, stackTraces: false, treeMetadata: false },
  });
  const twins = new Map<CfnResource, CfnResource>();
  const failures = new Map<string, string>();
  for (const [index, { path, templatePath, resources, constructs }] of stacks.entries()) {
    const rendered = [...constructs].flatMap(([logicalId, construct]) => {
      const resource = resources[logicalId];
      return resource ? [[construct, resource] as const] : [];
    });
    if (!rendered.some(([construct, resource]) => isUnlikeItsConstruct(construct, resource))) continue;
    try {
      const stack = new Stack(app, `Rendered${index}`);
      const template = new CfnInclude(stack, 'Template', { templateFile: templatePath });
      for (const [logicalId, own] of constructs)
        if (logicalId in resources) twins.set(own, template.getResource(logicalId));
    } catch (error) {
      failures.set(path, error instanceof Error ? error.message : String(error));
    }
  }
  return { twins, failures };
}

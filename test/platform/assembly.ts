import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { platformAssembly } from '../support/platform';

/** One resource of a synthesised template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** One synthesised stack of the whole application. */
export interface SynthesisedStack {
  /** Path of the stack in the application, for example `Pipeline/Prod/Data`. */
  readonly path: string;
  /** Size of the template as it is uploaded, in bytes. */
  readonly bytes: number;
  readonly template: {
    readonly Resources: Readonly<Record<string, TemplateResource>>;
    readonly Outputs?: Readonly<Record<string, unknown>>;
  };
  readonly terminationProtection: boolean;
}

/** One resource and where it stands. */
export interface PlacedResource extends TemplateResource {
  readonly stack: SynthesisedStack;
  readonly logicalId: string;
  /** `stack path/logical id`, what a failing test shows. */
  readonly place: string;
}

/** The stacks of the whole application as the entry point makes them, without the gate. */
export function platformStacks(): SynthesisedStack[] {
  return platformAssembly().stacksRecursively.map((artifact: CloudFormationStackArtifact) => ({
    path: artifact.hierarchicalId,
    bytes: JSON.stringify(artifact.template).length,
    template: artifact.template as SynthesisedStack['template'],
    terminationProtection: artifact.terminationProtection ?? false,
  }));
}

/** Every resource of the given types, of every stack; all types when none is given. */
export function resourcesOf(stacks: readonly SynthesisedStack[], ...types: string[]): PlacedResource[] {
  return stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources)
      .filter(([, resource]) => types.length === 0 || types.includes(resource.Type))
      .map(([logicalId, resource]) => ({
        ...resource,
        stack,
        logicalId,
        place: `${stack.path}/${logicalId}`,
      })),
  );
}

/** The places of the resources that do not hold what is asked, for an assertion that names them all. */
export function offenders(
  resources: readonly PlacedResource[],
  holds: (properties: Readonly<Record<string, unknown>>, resource: PlacedResource) => boolean,
): string[] {
  return resources
    .filter((resource) => !holds(resource.Properties ?? {}, resource))
    .map(({ place }) => place);
}

import { createHash } from 'node:crypto';
import * as z from 'zod';

/** What the new version runs as and who judges it on the way. */
export interface AppSpecParts {
  /** ARN of a revision of the task definition. */
  readonly taskDefinition: string;
  /** Name of the container that takes the traffic. */
  readonly container: string;
  /** Its port. */
  readonly port: number;
  /** ARNs of the functions that judge the new version: at the test traffic, before the public one, and once it has all of that. */
  readonly hooks: {
    readonly testTraffic: string;
    readonly traffic: string;
    readonly publicTraffic?: string | undefined;
  };
}

/** An AppSpec as CodeDeploy takes it. */
export interface AppSpec {
  /** The text. */
  readonly content: string;
  /** SHA-256 of it, in hexadecimal digits; CodeDeploy refuses a text that has another. */
  readonly sha256: string;
}

/**
 * The AppSpec of an ECS deployment. Always the same text for the same parts, so that its digest tells whether two
 * deployments are of the same revision. Source: CodeDeploy user guide, "AppSpec file structure for Amazon ECS".
 */
export function appSpec({ taskDefinition, container, port, hooks }: AppSpecParts): AppSpec {
  const content = JSON.stringify({
    version: 0.0,
    Resources: [
      {
        TargetService: {
          Type: 'AWS::ECS::Service',
          Properties: {
            TaskDefinition: taskDefinition,
            LoadBalancerInfo: { ContainerName: container, ContainerPort: port },
          },
        },
      },
    ],
    Hooks: [
      { AfterAllowTestTraffic: hooks.testTraffic },
      { BeforeAllowTraffic: hooks.traffic },
      ...(hooks.publicTraffic === undefined ? [] : [{ AfterAllowTraffic: hooks.publicTraffic }]),
    ],
  });
  return { content, sha256: createHash('sha256').update(content).digest('hex') };
}

const readable = z.looseObject({
  Resources: z.array(
    z.record(z.string(), z.looseObject({ Properties: z.looseObject({ TaskDefinition: z.string() }) })),
  ),
});

/** The task definition that an AppSpec in JSON names; nothing when it is in another form. */
export function taskDefinitionOf(content: string): string | undefined {
  try {
    const { data } = readable.safeParse(JSON.parse(content));
    return Object.values(data?.Resources[0] ?? {})[0]?.Properties.TaskDefinition;
  } catch {
    return undefined;
  }
}

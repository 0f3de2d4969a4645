import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { z } from 'zod';
import { type EventName, EVENTS, HOOKABLE, type Revision } from './model/deployment';

const service = z.object({
  TargetService: z.object({
    Type: z.literal('AWS::ECS::Service'),
    Properties: z.looseObject({
      TaskDefinition: z
        .string()
        .regex(
          /^arn:[^:]+:ecs:[^:]*:\d{12}:task-definition\/[^:]+:\d+$/,
          'is not the full ARN of a revision',
        ),
      LoadBalancerInfo: z.object({
        ContainerName: z.string().min(1),
        ContainerPort: z.coerce.number().int().min(1).max(65535),
      }),
    }),
  }),
});

const appSpecSchema = z.object({
  version: z.coerce.number().refine((version) => version === 0, 'is not 0.0'),
  Resources: z.array(service).length(1),
  Hooks: z
    .array(
      z
        .record(z.string(), z.string().min(1))
        .refine((hook) => Object.keys(hook).length === 1, 'has more than one event'),
    )
    .nullish(),
});

/** sha256 in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Reads an AppSpec, YAML or JSON.
 *
 * @throws Error with everything that is wrong with it
 */
export function readAppSpec(content: string): Revision {
  let raw: unknown;
  try {
    raw = parse(content); // JSON is YAML
  } catch (error) {
    throw new Error(`The AppSpec cannot be parsed: ${(error as Error).message}`, { cause: error });
  }
  const read = appSpecSchema.safeParse(raw);
  if (!read.success)
    throw new Error(
      read.error.issues.map(({ path, message }) => `AppSpec ${path.join('.')}: ${message}`).join('; '),
    );
  const hooks = (read.data.Hooks ?? []).flatMap((hook) => Object.entries(hook));
  const unknown = hooks.filter(([name]) => !HOOKABLE.includes(name as EventName)).map(([name]) => name);
  if (unknown.length > 0)
    throw new Error(
      `AppSpec Hooks: ${unknown.join(', ')} is not among ${EVENTS.filter((n) => HOOKABLE.includes(n)).join(', ')}`,
    );
  const properties = read.data.Resources[0]?.TargetService.Properties;
  if (properties === undefined) throw new Error('AppSpec Resources: no target service');
  return {
    content,
    sha256: sha256(content),
    taskDefinition: properties.TaskDefinition,
    containerName: properties.LoadBalancerInfo.ContainerName,
    containerPort: properties.LoadBalancerInfo.ContainerPort,
    hooks: Object.fromEntries(hooks),
  };
}

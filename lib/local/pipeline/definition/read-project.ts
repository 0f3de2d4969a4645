import { z } from 'zod';
import type { Json } from '../../bridge/literals';
import type { Project } from './model';

/** What CodeBuild documents as the default of a project's timeout. */
const DEFAULT_TIMEOUT_MINUTES = 60;

const variable = z.looseObject({
  Name: z.string(),
  Type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']).default('PLAINTEXT'),
  Value: z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value)),
});

const projectSchema = z.looseObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  ServiceRole: z.string(),
  TimeoutInMinutes: z.coerce.number().int().min(5).max(2160).default(DEFAULT_TIMEOUT_MINUTES),
  Environment: z.looseObject({
    Image: z.string(),
    PrivilegedMode: z.union([z.boolean(), z.stringbool()]).default(false),
    EnvironmentVariables: z.array(variable).default([]),
  }),
  Source: z.looseObject({ Type: z.string(), BuildSpec: z.string().optional() }),
});

/**
 * Reads the resolved properties of an `AWS::CodeBuild::Project`.
 *
 * @param name - taken when the properties give none
 */
export function readProject(properties: Json, name: string): Project {
  const { Name, Description, ServiceRole, TimeoutInMinutes, Environment, Source } =
    projectSchema.parse(properties);
  return {
    name: Name ?? name,
    serviceRoleArn: ServiceRole,
    image: Environment.Image,
    privileged: Environment.PrivilegedMode,
    variables: Environment.EnvironmentVariables.map(({ Name: variableName, Type, Value }) => ({
      name: variableName,
      type: Type,
      value: Value,
    })),
    timeoutMinutes: TimeoutInMinutes,
    ...(Description === undefined ? {} : { description: Description }),
    ...(Source.BuildSpec === undefined ? {} : { buildspec: Source.BuildSpec }),
  };
}

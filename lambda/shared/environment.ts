import type * as z from 'zod';

/** Thrown when a function's variables are not what its handler needs; names each one, never its value. */
export class EnvironmentError extends Error {
  /** Joins the problems into one line; `problems` holds one entry a variable. */
  constructor(problems: readonly string[]) {
    super(`The function's environment is wrong: ${problems.join('; ')}`);
    this.name = 'EnvironmentError';
  }
}

/**
 * Reads a handler's variables: once, when its module is loaded, but for the hooks of a release, which have to report also
 * what is wrong with them.
 * @param schema - the schema that the construct types the same variables with
 * @param variables - where they stand; the process's environment when left out
 * @throws EnvironmentError naming every variable that is missing or wrong
 */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): z.output<Schema> {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  throw new EnvironmentError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

import type { BuildVariable } from '../definition/model';
import type { Buildspec } from './buildspec';

/** Reads a parameter or a secret with the rights of the build's role. */
export type LookUp = (type: 'PARAMETER_STORE' | 'SECRETS_MANAGER', name: string) => Promise<string>;

/** What a build's variables are made from, weakest first. */
export interface VariableSources {
  /** What the container has by itself: path, home, AWS. */
  readonly container: Readonly<Record<string, string>>;
  /** The buildspec. */
  readonly spec: Buildspec;
  /** Of the project. */
  readonly project: readonly BuildVariable[];
  /** Of the action, which the pipeline gives when it starts the build. */
  readonly action: readonly BuildVariable[];
  /** What CodeBuild sets; nobody can set these. */
  readonly builtIn: Readonly<Record<string, string>>;
}

/** A build's variables, and which values must not be printed. */
export interface Variables {
  /** All of them. */
  readonly values: Readonly<Record<string, string>>;
  /** Values of parameters and secrets. */
  readonly secrets: readonly string[];
}

/**
 * Merges a build's variables: the action's beat the project's, which beat the buildspec's. Values are taken as they
 * are; `$PATH` in one is not expanded. Names that begin with `CODEBUILD_` are CodeBuild's own.
 */
export async function buildVariables(sources: VariableSources, lookUp: LookUp): Promise<Variables> {
  const { env } = sources.spec;
  const named = (type: BuildVariable['type'], entries: Readonly<Record<string, string>>): BuildVariable[] =>
    Object.entries(entries).map(([name, value]) => ({ name, type, value }));
  const given = [
    ...named('PLAINTEXT', env.variables),
    ...named('PARAMETER_STORE', env['parameter-store']),
    ...named('SECRETS_MANAGER', env['secrets-manager']),
    ...sources.project,
    ...sources.action,
  ].filter(({ name }) => !name.startsWith('CODEBUILD_'));
  const last = new Map(given.map((variable) => [variable.name, variable]));
  const values: Record<string, string> = { ...sources.container };
  const secrets: string[] = [];
  for (const { name, type, value } of last.values()) {
    const found = type === 'PLAINTEXT' ? value : await lookUp(type, value);
    if (type !== 'PLAINTEXT' && found !== '') secrets.push(found);
    values[name] = found;
  }
  return { values: { ...values, ...sources.builtIn }, secrets };
}

/**
 * The values that a build exports, as they were at its end. Neither `AWS_*` nor the values of parameters and secrets
 * leave it.
 */
export function exportedVariables(
  spec: Buildspec,
  environment: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Record<string, string> {
  const exported = spec.env['exported-variables']
    .filter((name) => !name.startsWith('AWS_'))
    .map((name): [string, string | undefined] => [name, environment[name]])
    .filter((entry): entry is [string, string] => entry[1] !== undefined && !secrets.includes(entry[1]));
  return Object.fromEntries(exported);
}

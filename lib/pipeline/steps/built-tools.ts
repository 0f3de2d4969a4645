import type * as pipelines from 'aws-cdk-lib/pipelines';

/** The tools that the synth step of an execution built, and what later steps know them by. */
export interface BuiltTools {
  /** Their files. */
  readonly files: pipelines.IFileSetProducer;
  /** What {@link digestOf} came to: a variable of the execution, which no other one can change. */
  readonly digest: string;
}

/** The variable of {@link BuiltTools.digest}, in the build that makes it and in those that ask for it. */
export const TOOLS_DIGEST = 'TOOLS_DIGEST';

/**
 * Shell words for the SHA-256 of the names and contents of all files in a folder.
 * @param apart - what is linked into it and no part of it
 */
export function digestOf(folder: string, apart: readonly string[] = []): string {
  const others = apart.map((name) => ` ! -path ./${name}`).join('');
  const files = `find . ! -type d${others} -print0 | LC_ALL=C sort -z`;
  // A link to a folder is no file that has a sum, and must not be passed over.
  return `$(cd ${folder} && ${files} | { xargs -0 sha256sum || echo unreadable; } | sha256sum | cut -c1-64)`;
}

/**
 * A command that ends the build unless the tools in the working folder have the digest that {@link TOOLS_DIGEST} holds:
 * whoever may write the bucket of the artifacts can exchange them there, and they run with power over an environment.
 * @param apart - what is linked into the folder and no part of them
 */
export function pinCommand(apart: readonly string[]): string {
  const words = 'These are not the tools that the synth step of this execution built: nothing is run.';
  return `test -n "$${TOOLS_DIGEST}" && test "${digestOf('.', apart)}" = "$${TOOLS_DIGEST}" || { echo "${words}" >&2; exit 1; }`;
}

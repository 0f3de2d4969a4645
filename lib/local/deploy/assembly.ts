import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { cdk, type CdkOptions } from './cdk';
import { inputsHash } from './inputs';

/** The Stage that the local environment deploys, and what its stacks' names begin with. */
export const STAGE = 'Local';

/** Remembers what was deployed, beside the assemblies. */
const rememberedSchema = z.object({
  inputs: z.string().optional(),
  deployed: z.string().optional(),
});

/** Hashes of what was synthesised and of what was deployed last. */
export type Remembered = z.output<typeof rememberedSchema>;

/** Where a local environment keeps its assemblies. */
export interface AssemblyFolders {
  /** As the CDK synthesised it. */
  readonly synthesised: string;
  /** As it is deployed here. */
  readonly localised: string;
  /** Home of the CDK's own process. */
  readonly home: string;
  /** File that says what was deployed. */
  readonly remembered: string;
}

/** Where a local environment keeps its assemblies. */
export function assemblyFolders(dir: string): AssemblyFolders {
  const base = path.resolve(dir);
  return {
    synthesised: path.join(base, 'assembly'),
    localised: path.join(base, 'local-assembly'),
    home: path.join(base, 'home'),
    remembered: path.join(base, 'deployment.json'),
  };
}

/**
 * Synthesises the Stage unless the assembly that is there was made from the same inputs.
 *
 * @param begin - runs the synthesis, when one is needed
 * @returns what is remembered, with the present inputs
 * @throws Error with what the CDK printed when it fails
 */
export async function ensureAssembly(
  folders: AssemblyFolders,
  cli: CdkOptions,
  begin: (run: () => Promise<void>) => Promise<void>,
): Promise<Remembered> {
  const inputs = inputsHash(cli.root);
  const remembered = readRemembered(folders.remembered);
  if (remembered.inputs === inputs && fs.existsSync(path.join(folders.synthesised, 'manifest.json')))
    return remembered;
  await begin(() => synthesise(folders.synthesised, cli));
  const now = { ...remembered, inputs };
  remember(folders.remembered, now);
  return now;
}

async function synthesise(to: string, cli: CdkOptions): Promise<void> {
  const beside = `${to}.new`;
  fs.rmSync(beside, { recursive: true, force: true });
  const args = ['synth', '--quiet', '-c', `only=${STAGE.toLowerCase()}`, '--output', beside];
  const { code, output } = await cdk(args, cli);
  if (code !== 0) throw new Error(`The synthesis failed:\n${output.trim()}`);
  fs.rmSync(to, { recursive: true, force: true });
  fs.renameSync(beside, to);
}

function readRemembered(file: string): Remembered {
  try {
    return rememberedSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return {}; // nothing was deployed yet, or the file is damaged: everything is done again
  }
}

/** Keeps what was synthesised and deployed. */
export function remember(file: string, value: Remembered): void {
  fs.writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

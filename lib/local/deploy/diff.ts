import * as fs from 'node:fs';
import { type LocalCloud, requireLoopback } from '../cloud';
import { clientEnvironment } from '../emulator';
import { localiseAssembly } from '../localise';
import { assemblyFolders, ensureAssembly, STAGE } from './assembly';
import { bridgeArn } from './bridge-function';
import { cdk, type CdkOptions, type CdkResult } from './cdk';

/** What is compared. */
export interface DiffOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Folder of the assemblies. */
  readonly dir: string;
  /** The running local AWS. */
  readonly cloud: LocalCloud;
  /** Where the running PostgreSQL answers, as it was deployed with. */
  readonly database: { readonly host: string; readonly port: number };
}

/**
 * Compares the Stage, as the sources are now, with what is deployed: what the next start would change.
 *
 * @returns what `cdk diff` printed of the stacks, and its exit code: 0 when nothing differs
 * @throws Error when the synthesis fails
 */
export async function diffLocal(options: DiffOptions): Promise<CdkResult> {
  const { cloud, root } = options;
  requireLoopback(cloud.endpoint);
  const folders = assemblyFolders(options.dir);
  fs.mkdirSync(folders.home, { recursive: true, mode: 0o700 });
  const cli: CdkOptions = { root, environment: clientEnvironment(cloud, folders.home) };
  await ensureAssembly(folders, cli, (run) => run());
  localiseAssembly(folders.synthesised, folders.localised, {
    bridgeArn: bridgeArn(cloud),
    database: options.database,
  });
  // The emulator's change sets do not see every change, so the templates are compared.
  const args = ['diff', `${STAGE}/*`, '--app', folders.localised, '--method', 'template', '--fail'];
  const { code, output } = await cdk(args, cli);
  return { code, output: output.slice(Math.max(output.search(/^Stack /m), 0)).trim() };
}

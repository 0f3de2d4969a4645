import * as path from 'node:path';

/** Raised when what stands in an environment's folder is no longer understood. */
export const FOLDER_VERSION = 2;

/** Where one local environment keeps what. */
export interface Folders {
  /** All of it. */
  readonly root: string;
  /** Version of the folder's layout. */
  readonly versionFile: string;
  /** Says who starts or stops just now. */
  readonly lockFile: string;
  /** Ports by name. */
  readonly portsFile: string;
  /** Certificates. */
  readonly authority: string;
  /** PostgreSQL's. */
  readonly postgres: string;
  /** The emulator's. */
  readonly emulator: string;
  /** Assemblies. */
  readonly deployment: string;
  /** The built API. */
  readonly app: string;
  /** The supervisor's: its program, settings, control file, weights. */
  readonly supervisor: string;
  /** The tasks': images, logs, processes. */
  readonly tasks: string;
  /** CodeDeploy's stand-in's: its program, settings, control file, deployments. */
  readonly codeDeploy: string;
  /** The demo user's credentials. */
  readonly demoUserFile: string;
  /** What the last start found, for `status` and `token`. */
  readonly summaryFile: string;
}

/** The folders of the environment that is kept in `dir`. */
export function foldersOf(dir: string): Folders {
  const root = path.resolve(dir);
  const at = (...parts: string[]): string => path.join(root, ...parts);
  return {
    root,
    versionFile: at('version'),
    lockFile: at('lock.json'),
    portsFile: at('ports.json'),
    authority: at('authority'),
    postgres: at('postgres'),
    emulator: at('emulator'),
    deployment: at('deployment'),
    app: at('app'),
    supervisor: at('supervisor'),
    tasks: at('tasks'),
    codeDeploy: at('codedeploy'),
    demoUserFile: at('demo-user.json'),
    summaryFile: at('summary.json'),
  };
}

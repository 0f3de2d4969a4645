import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { type LocalCloud, WITHOUT_NODE_NOTICE } from '../../cloud';
import { type Name, NAMES_VARIABLE } from './names';

/** What stands for the image that builds run in. */
export interface ContainerOptions {
  /** Folder for what is made once and used by every build. */
  readonly dir: string;
  /** Root of the repository, whose modules the stand-in of the container engine bundles with. */
  readonly root: string;
  /** Where stand-ins of services answer that the emulator lacks. */
  readonly standIns: Readonly<Record<string, string>>;
  /** Whether npm may take packages from a cache that earlier rehearsals have filled. */
  readonly warmCache: boolean;
}

/** Folders of this machine that builds find programs in. */
const SYSTEM = ['/usr/local/bin', '/usr/bin', '/bin'];
const PROGRAM = '#!/usr/bin/env node\n';

function programOf(name: string): string | undefined {
  return SYSTEM.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
}

/** The program of a container engine that answers; undefined when this machine has none. */
export function containerEngine(): string | undefined {
  const docker = programOf('docker');
  if (docker === undefined) return undefined;
  const asked = { stdio: 'ignore', timeout: 10_000 } as const;
  const answers = (...args: string[]): boolean => spawnSync(docker, args, asked).status === 0;
  return answers('info', '--format', '{{.ServerVersion}}') && answers('buildx', 'version')
    ? docker
    : undefined;
}

/** Folder of what the builds of a rehearsal have pushed. @param dir - folder of the rehearsal */
export function registryFolder(dir: string): string {
  return path.join(dir, 'bundles');
}

/**
 * What a build's container has by itself. Programs are this machine's; `npm install -g` installs into the build's own
 * folder, as it would into the container.
 */
export class Container {
  private readonly programs: string;
  private readonly settings: Readonly<Record<string, string>>;
  private readonly authorities: string;
  private readonly resolver: string;

  /** @param engine - what images are built with; undefined where a stand-in makes bundles alone */
  constructor(
    private readonly options: ContainerOptions,
    readonly engine: string | undefined,
  ) {
    this.programs = path.join(options.dir, 'programs');
    this.authorities = path.join(options.dir, 'authorities.pem');
    fs.mkdirSync(this.programs, { recursive: true });
    this.install('docker', 'docker-stand-in.ts', PROGRAM);
    if (programOf('aws') === undefined) this.install('aws', 'aws-stand-in.ts', PROGRAM);
    this.resolver = this.install('resolver.cjs', 'resolver.ts');
    this.settings = npmSettings();
  }

  /**
   * Variables of one build.
   *
   * @param folder - the build's own folder
   * @param keys - how the build finds its role's keys
   * @param names - where public names lead on this machine
   */
  environment(
    folder: string,
    cloud: LocalCloud,
    keys: Readonly<Record<string, string>>,
    names: readonly Name[],
  ): Record<string, string> {
    const global = path.join(folder, 'global');
    fs.writeFileSync(this.authorities, this.trusted(cloud));
    const cache = this.options.warmCache
      ? path.join(this.options.dir, 'npm-cache')
      : path.join(folder, 'npm-cache');
    return {
      ...this.settings,
      PATH: [this.programs, path.join(global, 'bin'), path.dirname(process.execPath), ...SYSTEM].join(':'),
      TMPDIR: os.tmpdir(),
      LANG: 'C.UTF-8',
      CI: 'true',
      npm_config_prefix: global,
      npm_config_cache: cache,
      ...(this.options.warmCache ? { npm_config_prefer_offline: 'true' } : {}),
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_CONFIG_FILE: os.devNull,
      AWS_SHARED_CREDENTIALS_FILE: os.devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CA_BUNDLE: this.authorities,
      NODE_EXTRA_CA_CERTS: this.authorities,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      ...WITHOUT_NODE_NOTICE,
      ...(names.length === 0
        ? {}
        : { NODE_OPTIONS: `--require=${this.resolver}`, [NAMES_VARIABLE]: JSON.stringify(names) }),
      ...this.options.standIns,
      ...keys,
      REHEARSAL_MODULES: path.join(this.options.root, 'node_modules'),
      REHEARSAL_BUNDLES: registryFolder(this.options.dir),
      ...(this.engine !== undefined && { REHEARSAL_ENGINE: this.engine }),
    };
  }

  private install(name: string, entry: string, head = ''): string {
    const { outputFiles } = buildSync({
      entryPoints: [path.join(__dirname, entry)],
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      logLevel: 'error',
      write: false,
    });
    const file = path.join(this.programs, name);
    fs.writeFileSync(file, `${head}${outputFiles[0]?.text ?? ''}`, { mode: 0o755 });
    return file;
  }

  /** The emulator's authority beside those that this machine trusts for npm. */
  private trusted(cloud: LocalCloud): string {
    const own = process.env['NODE_EXTRA_CA_CERTS'];
    return [cloud.caFile, ...(own !== undefined && fs.existsSync(own) ? [own] : [])]
      .map((file) => fs.readFileSync(file, 'utf8'))
      .join('\n');
  }
}

/** Where this machine's npm gets packages from; nothing else of the user's environment reaches a build. */
function npmSettings(): Record<string, string> {
  const { stdout } = spawnSync('npm', ['config', 'get', 'userconfig'], { encoding: 'utf8' });
  const given = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      /^npm_config_(registry|.*proxy)$/i.test(entry[0]) && entry[1] !== undefined,
  );
  return { ...Object.fromEntries(given), npm_config_userconfig: stdout.trim() };
}

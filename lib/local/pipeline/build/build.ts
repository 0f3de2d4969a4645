import * as fs from 'node:fs';
import * as path from 'node:path';
import type { BuildVariable, Project } from '../definition/model';
import { ArtifactError, collect, specOf } from './artifacts';
import { type Buildspec, BuildspecError, parseBuildspec } from './buildspec';
import { type PhaseResult, runPhases } from './phases';
import { BuildShell } from './shell';
import type { BuildSwitches } from './switches';
import { buildVariables, exportedVariables, type LookUp } from './variables';

/** An artifact that a build reads. */
export interface Input {
  /** Its name. */
  readonly name: string;
  /** Folder that holds it; copied, so that no build changes what another reads. */
  readonly folder: string;
}

/** One build. */
export interface BuildOptions {
  /** What is built. */
  readonly project: Project;
  /** Clean folder of the build's own. */
  readonly folder: string;
  /** Inputs, the primary one first. */
  readonly inputs: readonly Input[];
  /** Names of the artifacts that it has to leave. */
  readonly outputs: readonly string[];
  /** Variables that the action gives. */
  readonly variables: readonly BuildVariable[];
  /** What the container has by itself: path, home, how AWS is reached. */
  readonly container: Readonly<Record<string, string>>;
  /** CodeBuild's own variables but for folders and success. */
  readonly builtIn: Readonly<Record<string, string>>;
  /** Reads parameters and secrets. */
  readonly lookUp: LookUp;
  /** What the documentation leaves open. */
  readonly switches: BuildSwitches;
  /** Is given what is printed; values of secrets are masked already. */
  readonly log: (text: string) => void;
  /** Ends the build when it is aborted. */
  readonly signal?: AbortSignal;
}

/** How a build ended. */
export interface BuildResult {
  /** As CodeBuild names it. */
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED';
  /** Its phases, in order. */
  readonly phases: readonly PhaseResult[];
  /** Folders of the artifacts by name. */
  readonly artifacts: ReadonlyMap<string, string>;
  /** What it exports. */
  readonly exported: Readonly<Record<string, string>>;
  /** Why it failed, in words. */
  readonly problem?: string;
}

/** Runs a build as CodeBuild does, but in a folder instead of a container. It does not throw for what fails in it. */
export async function runBuild(options: BuildOptions): Promise<BuildResult> {
  const { project, folder, inputs, outputs, switches } = options;
  const sources = copyInputs(folder, inputs);
  const primary = sources[0]?.folder ?? fs.mkdtempSync(path.join(folder, 'src-'));
  let spec: Buildspec;
  try {
    spec = parseBuildspec(buildspecText(project.buildspec, primary));
  } catch (error) {
    if (!(error instanceof BuildspecError)) throw error;
    const phase = { name: 'DOWNLOAD_SOURCE', status: 'FAILED', seconds: 0, context: error.message } as const;
    return failed([phase], error.message);
  }
  const home = path.join(folder, 'home');
  fs.mkdirSync(home, { recursive: true });
  const { values, secrets } = await buildVariables(
    {
      spec,
      container: { ...options.container, HOME: home },
      project: project.variables,
      action: options.variables,
      builtIn: { ...options.builtIn, ...folderVariables(primary, sources.slice(1)) },
    },
    options.lookUp,
  );
  const log = masked(options.log, secrets);
  const timer = new Deadline(project.timeoutMinutes * 60_000, options.signal);
  let shells = 0;
  const open = (): BuildShell => {
    shells += 1;
    const shell = new BuildShell({
      program: spec.env.shell,
      folder: path.join(folder, `shell-${shells}`),
      directory: primary,
      environment: values,
      onOutput: log,
    });
    timer.watch(shell);
    return shell;
  };
  const tell = (line: string): void => log(`[Container] ${timestamp()} ${line}\n`);
  const result = await runPhases({ spec, switches, tell, shell: open, timedOut: () => timer.over });
  timer.end();
  const phases = [...result.phases];
  const exported = exportedVariables(spec, timer.last?.environment ?? {}, secrets);
  const artifacts = new Map<string, string>();
  let problem = phases.find(({ context }) => context !== undefined)?.context;
  if (result.uploads && !timer.over && outputs.length > 0) {
    const start = performance.now();
    const uploaded = upload(spec, outputs, primary, folder, switches, artifacts);
    if (uploaded !== undefined) tell(`Phase UPLOAD_ARTIFACTS FAILED: ${uploaded}`);
    problem ??= uploaded;
    phases.push({
      name: 'UPLOAD_ARTIFACTS',
      status: uploaded === undefined ? 'SUCCEEDED' : 'FAILED',
      seconds: (performance.now() - start) / 1000,
      ...(uploaded === undefined ? {} : { context: uploaded }),
    });
  }
  const uploaded = phases.at(-1)?.name !== 'UPLOAD_ARTIFACTS' || phases.at(-1)?.status === 'SUCCEEDED';
  const status = options.signal?.aborted
    ? 'STOPPED'
    : timer.over
      ? 'TIMED_OUT'
      : result.succeeded && uploaded
        ? 'SUCCEEDED'
        : 'FAILED';
  return {
    status,
    phases,
    artifacts,
    exported,
    ...(status === 'SUCCEEDED' ? {} : { problem: problem ?? status }),
  };
}

function failed(phases: readonly PhaseResult[], problem: string): BuildResult {
  return { status: 'FAILED', phases, artifacts: new Map(), exported: {}, problem };
}

/** Each input in a folder of its own; links are kept, since a Git clone has some. */
function copyInputs(folder: string, inputs: readonly Input[]): readonly Input[] {
  return inputs.map(({ name, folder: from }, index) => {
    const to = path.join(folder, index === 0 ? 'src' : `src-${name}`);
    fs.cpSync(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      mode: fs.constants.COPYFILE_FICLONE,
      preserveTimestamps: true,
    });
    return { name, folder: to };
  });
}

/** Text of a buildspec: the project's own, or that of a file in the primary source. */
function buildspecText(given: string | undefined, source: string): string {
  const inline = given !== undefined && /^\s*\{|\n|^version:/.test(given);
  if (inline) return given;
  const file = path.join(source, given ?? 'buildspec.yml');
  if (!fs.existsSync(file))
    throw new BuildspecError(`YAML_FILE_ERROR: ${given ?? 'buildspec.yml'} does not exist`);
  return fs.readFileSync(file, 'utf8');
}

function folderVariables(primary: string, secondary: readonly Input[]): Record<string, string> {
  return {
    CODEBUILD_SRC_DIR: primary,
    ...Object.fromEntries(secondary.map(({ name, folder }) => [`CODEBUILD_SRC_DIR_${name}`, folder])),
  };
}

function upload(
  spec: Buildspec,
  outputs: readonly string[],
  source: string,
  folder: string,
  switches: BuildSwitches,
  artifacts: Map<string, string>,
): string | undefined {
  try {
    for (const name of outputs) {
      const to = path.join(folder, 'artifacts', name);
      collect(specOf(spec, outputs, name), source, to, switches);
      artifacts.set(name, to);
    }
    return undefined;
  } catch (error) {
    if (error instanceof ArtifactError) return `CLIENT_ERROR: ${error.message}`;
    throw error;
  }
}

/** Now, as CodeBuild writes it before each line of its own: `2026/11/29 08:45:49.595`, in UTC. */
function timestamp(): string {
  return new Date().toISOString().replace(/-/g, '/').replace('T', ' ').replace('Z', '');
}

/** Prints everything but the values of secrets. */
function masked(log: (text: string) => void, secrets: readonly string[]): (text: string) => void {
  if (secrets.length === 0) return log;
  return (text) => log(secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text));
}

/** Ends a build's shells when its time is over, or when it is stopped. */
class Deadline {
  /** Whether the time is over. */
  over = false;
  /** The shell that was opened last. */
  last: BuildShell | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly stop = (): void => {
    this.over = true;
    this.last?.close();
  };

  constructor(
    milliseconds: number,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.timer = setTimeout(this.stop, milliseconds);
    signal?.addEventListener('abort', this.stop);
    if (signal?.aborted) this.over = true;
  }

  watch(shell: BuildShell): void {
    this.last = shell;
  }

  end(): void {
    clearTimeout(this.timer);
    this.signal?.removeEventListener('abort', this.stop);
  }
}

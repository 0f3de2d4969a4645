import { type Buildspec, PHASES, type Phase, type PhaseName } from './buildspec';
import type { BuildShell } from './shell';
import type { BuildSwitches } from './switches';

/** How one phase of a build went. */
export interface PhaseResult {
  /** As CodeBuild names it, such as `POST_BUILD`. */
  readonly name: string;
  /** Whether it failed. */
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  /** How long it took. */
  readonly seconds: number;
  /** What failed, in words. */
  readonly context?: string;
}

/** How the phases with commands went. */
export interface PhasesResult {
  /** Those that ran, in order. */
  readonly phases: readonly PhaseResult[];
  /** Whether the build succeeds as far as the commands go. */
  readonly succeeded: boolean;
  /** Whether artifacts are uploaded. */
  readonly uploads: boolean;
}

/** What phases are run with. */
export interface PhasesOptions {
  /** What is built. */
  readonly spec: Buildspec;
  /** Opens a shell as the build begins; asked again only where the rules want a new one. */
  readonly shell: () => BuildShell;
  /** What the documentation leaves open. */
  readonly switches: BuildSwitches;
  /** Is told of phases and commands as they begin, a line at a time. */
  readonly tell: (line: string) => void;
  /** Whether the build has to end now, because its time is over. */
  readonly timedOut: () => boolean;
}

/**
 * Runs install, pre_build, build and post_build by CodeBuild's transitions: a failed INSTALL or PRE_BUILD ends the
 * build, a failed BUILD is still followed by POST_BUILD, and `finally` runs whatever happened.
 */
export async function runPhases(options: PhasesOptions): Promise<PhasesResult> {
  const { spec, switches, tell } = options;
  const perCommand = String(spec.version) === '0.1';
  const phases: PhaseResult[] = [];
  let shell = options.shell();
  let succeeding = true;
  let failed = false;
  let uploads = true;
  for (const name of PHASES) {
    const phase = spec.phases[name];
    if (!switches.oneShellForAllPhases && phases.length > 0) shell = renew(shell, options);
    await shell.run(`export CODEBUILD_BUILD_SUCCEEDING=${succeeding ? 1 : 0}`);
    const result = await runPhase(name, phase, options, () =>
      perCommand ? (shell = renew(shell, options)) : shell,
    );
    phases.push(result);
    tell(`Phase ${result.name} ${result.status}${result.context === undefined ? '' : `: ${result.context}`}`);
    if (result.status === 'SUCCEEDED') continue;
    const continued = phase?.['on-failure'] === 'CONTINUE' && result.status === 'FAILED';
    if (!continued || switches.continuedFailureFails) failed = true;
    succeeding = false;
    if (continued) continue;
    const goesOn = name === 'build' && phase?.['on-failure'] === undefined && result.status === 'FAILED';
    uploads = switches.uploadsAfterFailure && (goesOn || name === 'post_build');
    if (!goesOn) break;
  }
  shell.close();
  return { phases, succeeded: !failed, uploads: failed ? uploads : true };
}

function renew(shell: BuildShell, options: PhasesOptions): BuildShell {
  shell.close();
  return options.shell();
}

async function runPhase(
  name: PhaseName,
  phase: Phase | undefined,
  { tell, timedOut }: PhasesOptions,
  shell: () => BuildShell,
): Promise<PhaseResult> {
  const start = performance.now();
  let context: string | undefined;
  const run = async (commands: readonly string[]): Promise<void> => {
    for (const command of commands) {
      if (timedOut()) return;
      tell(`Running command ${command}`);
      const code = await shell().run(command);
      if (code === 0) continue;
      context ??= `COMMAND_EXECUTION_ERROR: ${firstLine(command)} ended with exit code ${code}`;
      return;
    }
  };
  if ((phase?.commands.length ?? 0) > 0) tell(`Entering phase ${name.toUpperCase()}`);
  await run(phase?.commands ?? []);
  await run(phase?.finally ?? []);
  const status = timedOut() ? 'TIMED_OUT' : context === undefined ? 'SUCCEEDED' : 'FAILED';
  return {
    name: name.toUpperCase(),
    status,
    seconds: (performance.now() - start) / 1000,
    ...(status === 'TIMED_OUT' ? { context: 'BUILD_TIMED_OUT' } : context === undefined ? {} : { context }),
  };
}

function firstLine(command: string): string {
  const [first = '', ...rest] = command.trim().split('\n');
  return rest.length === 0 ? first : `${first} …`;
}

import type { Phase } from '../model';
import type { DriftReport, PlanReport, Problem, Report } from '../report';
import { findService } from './deployed';
import { markMoment, takeSnapshot } from './restore-point';
import { follow, type FollowOptions } from './run';
import { trafficProblems } from './traffic';

/** How to run one phase from the pipeline. */
export interface PhaseOptions extends FollowOptions {
  /** Which phase. */
  readonly phase: Phase;
  /** Name of the app stack, whose tasks a contract waits for. */
  readonly appStack: string;
  /** Whether a way back is made before anything is changed. */
  readonly protect: boolean;
}

/**
 * How a phase ended. `waits` is no failure: an older release still serves, nothing was changed, and the phase runs with
 * the next execution of the pipeline.
 */
export type PhaseOutcome = 'done' | 'waits' | 'refused' | 'failed';

/** What a phase did; the parts are the artifacts of the pipeline's step. */
export interface PhaseResult {
  /** How it ended. */
  readonly outcome: PhaseOutcome;
  /** Everything that is wrong, or that it waits for. */
  readonly problems: readonly Problem[];
  /** What was going to run. */
  readonly plan?: PlanReport;
  /** Differences between the schema and the history, looked for before anything ran. */
  readonly drift?: DriftReport;
  /** How to get the data of before back. */
  readonly restorePoint?: string;
  /** What ran. */
  readonly run?: Report;
}

/** Codes of refusals that end by themselves, when the older release does. */
const WAITING = new Set(['older-release-has-tasks', 'older-release-connected']);

/**
 * Runs one phase of the migrations as the pipeline does: the contract only when one release alone has tasks; then the
 * drift gate, the plan, a way back where one is wanted, and the phase itself. A contract that loses data runs with the
 * digest of the plan that is kept with it: its `approve:` line was reviewed with the file.
 */
export async function runPhase(options: PhaseOptions): Promise<PhaseResult> {
  const { phase, clients, progress } = options;
  if (phase === 'contract') {
    const service = await findService(clients.cloudFormation, options.appStack);
    const problems = service ? await trafficProblems(clients.ecs, service) : [];
    if (problems.length > 0) return { outcome: 'waits', problems };
  }
  const plan = await follow({ action: 'plan', phase }, options);
  if (plan.action !== 'plan' || plan.outcome !== 'done') return ended(plan);
  progress(`${plan.migrations.length} to apply: ${plan.migrations.map(({ title }) => title).join(', ')}`);

  const drift = await follow({ action: 'drift' }, options);
  if (drift.action !== 'drift' || drift.outcome === 'failed') return { plan, ...ended(drift) };
  if (drift.differences.length > 0) return { plan, drift, outcome: 'refused', problems: drifted(drift) };

  const restorePoint = await wayBack(plan, options);
  const run = await follow(
    {
      action: 'up',
      phase,
      ...(restorePoint !== undefined && { restorePoint }),
      ...(phase === 'contract' && { approve: plan.digest }),
    },
    options,
  );
  return { plan, drift, ...(restorePoint !== undefined && { restorePoint }), run, ...ended(run) };
}

/** Before what loses data a snapshot, before anything else the moment that the cluster could be restored to. */
async function wayBack(plan: PlanReport, options: PhaseOptions): Promise<string | undefined> {
  const { protect, phase, clients, deployed, clock, progress } = options;
  if (!protect || plan.migrations.length === 0) return undefined;
  const point = {
    client: clients.rds,
    cluster: deployed.cluster,
    release: deployed.release,
    phase,
    clock,
    progress,
  };
  const loses = phase === 'contract' || plan.migrations.some(({ destructive }) => destructive);
  return loses ? takeSnapshot(point) : markMoment(point);
}

function ended({ outcome, problems }: Report): Pick<PhaseResult, 'outcome' | 'problems'> {
  if (outcome === 'done' || outcome === 'failed') return { outcome, problems };
  const waits = problems.length > 0 && problems.every(({ code }) => WAITING.has(code));
  return { outcome: waits ? 'waits' : 'refused', problems };
}

function drifted({ differences, problems }: DriftReport): readonly Problem[] {
  if (problems.length > 0) return problems;
  return differences.map(({ kind, object }) => ({
    code: 'drift',
    message: `The ${kind} ${object} is not as the migrations left it.`,
    mend: 'See what was changed by hand with `drift`; write it as a migration, or undo it.',
  }));
}

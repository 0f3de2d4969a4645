import type { Report, RunReport, Step } from '../report';

/**
 * The report of a run that took several calls: how the last one ended, and what all of them did. A migration that went
 * on from call to call is one step.
 */
export function joinReports(before: Report | undefined, after: Report): Report {
  if (before === undefined) return after;
  const milliseconds = before.milliseconds + after.milliseconds;
  if (!isRun(before) || !isRun(after)) return { ...after, milliseconds };
  return { ...after, milliseconds, steps: joinSteps([...before.steps, ...after.steps]) };
}

function isRun(report: Report): report is RunReport {
  return 'steps' in report;
}

function joinSteps(steps: readonly Step[]): Step[] {
  const joined: Step[] = [];
  for (const step of steps) {
    const last = joined.findLastIndex(
      ({ title, direction, outcome }) =>
        title === step.title && direction === step.direction && outcome === 'continue',
    );
    const earlier = joined[last];
    if (earlier === undefined) joined.push(step);
    else joined[last] = joinStep(earlier, step);
  }
  return joined;
}

function joinStep(before: Step, after: Step): Step {
  const rows = sum(before.rows, after.rows);
  const stalls = [before.stallMs, after.stallMs].filter((stall) => stall !== undefined);
  return {
    ...after,
    milliseconds: before.milliseconds + after.milliseconds,
    attempts: before.attempts + after.attempts,
    ...(rows !== undefined && { rows }),
    ...(stalls.length > 0 && { stallMs: Math.max(...stalls) }),
  };
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}

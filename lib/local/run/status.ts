import type { EmulatorStatus } from '../emulator';
import type { PostgresStatus } from '../postgres';
import type { Report } from '../supervisor';

/** What is known of an environment. */
export interface Known {
  /** The emulator. */
  readonly emulator: EmulatorStatus;
  /** PostgreSQL. */
  readonly database: PostgresStatus;
  /** What the supervisor tells; nothing when it does not run. */
  readonly report: Report | undefined;
}

/** Words the state of an environment; sound when all of it runs and is well. */
export function describe({ emulator, database, report }: Known): { text: string[]; sound: boolean } {
  const text = [
    `local AWS    ${emulator.healthy ? `runs (process ${emulator.pid ?? 0}, ${emulator.endpoint ?? ''})` : 'does not run'}`,
    `PostgreSQL   ${database.state === 'stopped' ? 'does not run' : `${database.state} (process ${database.pid}, port ${database.port})`}`,
    `supervisor   ${report === undefined ? 'does not run' : 'runs'}`,
  ];
  for (const { url, listenerPort } of report?.listeners ?? [])
    text.push(`listener     ${listenerPort} at ${url}`);
  for (const { name, revision, healthy, desired, tasks, events } of report?.services ?? []) {
    text.push(`service      ${name}: ${healthy} of ${desired} healthy, ${revision}`);
    for (const task of tasks)
      text.push(
        `  task       ${task.id.slice(0, 8)} ${task.revision} ${task.status} (${task.health}), process ${task.pid ?? '-'}`,
      );
    if (healthy < desired) text.push(...events.slice(0, 5).map((event) => `  event      ${event}`));
  }
  if (report?.trouble !== undefined) text.push(`trouble      ${report.trouble}`);
  const served = report?.services.every(({ healthy, desired }) => healthy >= desired) === true;
  return { text, sound: emulator.healthy && database.state === 'running' && served };
}

import type { ActionRecord, ExecutionRecord, PlannedStage, Recorder } from '../play/recorder';

const NAMES = 44;

/**
 * How an execution stands, for a screen that is drawn again and again: a line for each stage, and below the one that is
 * played a line for each action that runs.
 *
 * @param played - what was played so far
 * @param now - moment, in milliseconds since 1970
 * @returns nothing before the first execution has begun
 */
export function board(played: Pick<Recorder, 'executions' | 'actions'>, now: number): string[] {
  const execution = played.executions.at(-1);
  if (execution === undefined) return [];
  const own = played.actions.filter(({ execution: id }) => id === execution.id);
  return [
    `execution ${execution.id.slice(0, 8)}  ${execution.status}  ${seconds(execution, now)}`,
    ...execution.stages.flatMap((stage) => stageLines(stage, own, now)),
  ];
}

function stageLines({ name, actions }: PlannedStage, played: readonly ActionRecord[], now: number): string[] {
  const own = played.filter(({ stage }) => stage === name);
  const succeeded = own.filter(({ status }) => status === 'Succeeded').length;
  const failed = own.some(({ status }) => status === 'Failed' || status === 'Abandoned');
  const mark = failed ? '✗' : own.length === 0 ? '·' : succeeded === actions.length ? '✓' : '▶';
  const head = `${mark} ${name.padEnd(NAMES)} ${succeeded}/${actions.length}`;
  const running = own.filter(({ status }) => status === 'InProgress');
  return [head, ...running.map((one) => `    ${one.action.padEnd(NAMES - 2)} ${seconds(one, now)}`)];
}

function seconds({ startedAt, endedAt }: ActionRecord | ExecutionRecord, now: number): string {
  return `${(((endedAt ?? now) - startedAt) / 1000).toFixed(0).padStart(4)} s`;
}

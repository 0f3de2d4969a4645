import type { Recorder } from '../play/recorder';

/** What was played, in one screen: each execution with its actions and how long they took. */
export function summary({ executions, actions, folder }: Recorder): string[] {
  const lines: string[] = [];
  for (const { id, status, reason, startedAt, endedAt } of executions) {
    lines.push('', `${status.padEnd(10)} execution ${id}  ${seconds(startedAt, endedAt)}`);
    if (reason !== undefined) lines.push(`           ${reason}`);
    for (const one of actions.filter(({ execution }) => execution === id)) {
      const name = `${one.stage}/${one.action}`.padEnd(40);
      lines.push(
        `  ${one.status.padEnd(10)} ${name} ${seconds(one.startedAt, one.endedAt)}  ${one.note ?? ''}`.trimEnd(),
      );
    }
  }
  const failed = actions.filter(({ status }) => status === 'Failed');
  for (const { log } of failed) lines.push('', `log of what failed: ${log}`);
  return [...lines, '', `logs and record: ${folder}`];
}

function seconds(from: number, to: number | undefined): string {
  return `${(((to ?? from) - from) / 1000).toFixed(1).padStart(6)} s`;
}

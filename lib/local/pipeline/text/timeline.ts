import type { Deployment } from '../../codedeploy/model/deployment';
import { eventSpans } from '../../timeline/deployments';
import type { Span, Timeline } from '../../timeline/model';
import type { Seen } from '../../traffic/watch';
import type { Recorder } from '../play/recorder';

/** What was played, with the deployments and the traffic of the same time. */
export function timelineOf(
  { actions, executions }: Pick<Recorder, 'actions' | 'executions'>,
  deployments: readonly Deployment[],
  traffic: readonly Seen[],
  now: number,
): Timeline {
  const played = actions.map(({ execution, stage, action, startedAt, endedAt, status, note }): Span => ({
    lane: executions.length > 1 ? `${stage} (${execution.slice(0, 8)})` : stage,
    ...{ name: action, from: startedAt, to: endedAt ?? now, words: note ?? '' },
    outcome: status === 'Succeeded' ? 'good' : status === 'Failed' ? 'bad' : 'skipped',
  }));
  const spans = [...played, ...deployments.flatMap((deployment) => eventSpans(deployment, now))];
  const last = executions.at(-1);
  return {
    title: 'Rehearsal of the pipeline',
    verdict:
      last === undefined ? 'Nothing was played.' : `${last.status}${last.reason ? `: ${last.reason}` : ''}.`,
    from: Math.min(now, ...spans.map(({ from }) => from)),
    to: Math.max(...spans.map(({ to }) => to), 0),
    spans,
    traffic,
  };
}

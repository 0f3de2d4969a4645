import type { Change, Diff } from '../../lib/gate/report/model';

/** What a person wants to hear of first. */
const HEADINGS: Readonly<Record<Change['kind'], string>> = {
  'broadened-access': 'Broadened access',
  'replaced-stateful': 'Data made anew or taken away',
  'changed-retention': 'Changed retention',
  expired: 'Expired exceptions',
  new: 'New findings',
  'newly-accepted': 'Newly accepted findings',
  fixed: 'Fixed findings',
  status: 'Changed statuses',
};

/** A comparison as lines for a terminal. */
export function changesText({ from, changes }: Diff): string {
  const sections = Object.entries(HEADINGS).flatMap(([kind, heading]) => {
    const these = changes.filter((change) => change.kind === kind);
    return these.length === 0
      ? []
      : [
          `${heading} (${these.length})`,
          ...these.map(({ environment, subject, text }) => `  ${environment}  ${subject}: ${text}`),
        ];
  });
  return [
    `Since ${from}: ${changes.length === 0 ? 'nothing changed' : `${changes.length} changes`}.`,
    ...sections,
  ].join('\n');
}

import { type LifecycleEvent, type Snapshot, stateOf } from './model';

/**
 * What changed between two looks at a deployment, a line for each.
 * @param before - nothing at the first look: then what is over already is told in one line
 */
export function changes(before: Snapshot | undefined, after: Snapshot): readonly string[] {
  return [
    ...(before && before.status !== after.status && stateOf(after.status) === 'in-flight'
      ? [`${after.id} is ${after.status}`]
      : []),
    ...after.events.flatMap((event) => {
      const was = before?.events.find(({ name }) => name === event.name);
      return was?.status === event.status || (!was && event.status === 'Pending') ? [] : [eventWords(event)];
    }),
    ...(weights(before) === weights(after) || weights(after) === '' ? [] : [`traffic: ${weights(after)}`]),
    ...(after.baking && before?.baking !== true && after.state === 'in-flight'
      ? ['all traffic is on the new version; the old one stays until it is sure']
      : []),
  ];
}

/** Where the traffic is, such as `10 % new, 90 % old`; empty while nobody knows. */
export function weights(snapshot: Snapshot | undefined): string {
  const sets = snapshot?.taskSets ?? [];
  if (sets.every(({ weight }) => weight === 0)) return '';
  const share = (old: boolean): number =>
    sets.filter((set) => set.old === old).reduce((sum, { weight }) => sum + weight, 0);
  return `${share(false)} % new, ${share(true)} % old`;
}

function eventWords({ name, status, startedAt, endedAt, message }: LifecycleEvent): string {
  const padded = name.padEnd(21);
  if (status === 'InProgress') return `${padded} runs`;
  const took =
    startedAt && endedAt && status !== 'Skipped'
      ? ` in ${elapsed(endedAt.getTime() - startedAt.getTime())}`
      : '';
  return `${padded} ${status.toLowerCase()}${took}${message === undefined ? '' : `: ${message}`}`;
}

/** A duration as people say it, such as `4.2 s` or `5 min 6 s`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1_000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

/** A moment since the start, for the margin of a line: `  5:06`. */
export function stamp(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1_000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`.padStart(6);
}

import { Refused } from '../errors';
import { familyOf, shortName } from '../live';
import type { ReleaseRecord } from './model';

/** Revisions that a refusal offers. */
const OFFERED = 10;

/**
 * What the live version replaced. A rollback replaced a newer one, which is not what "before" means: its own release is
 * asked.
 */
export function replacedBy(records: readonly ReleaseRecord[], live: string): string | undefined {
  return records.find(
    ({ kind, outcome, taskDefinition, previousTaskDefinition }) =>
      kind !== 'rollback' &&
      outcome === 'succeeded' &&
      taskDefinition === live &&
      previousTaskDefinition !== undefined &&
      previousTaskDefinition !== live,
  )?.previousTaskDefinition;
}

/**
 * The revision that somebody names, when it is one that has had the service's traffic: going back is allowed without the
 * approval that a new version needs, so it leads to nothing that no release has brought up.
 * @param to - ARN or `family:revision`
 * @param records - newest first
 * @param live - ARN of what has the traffic
 * @throws Refused that lists what may be named
 */
export function named(to: string, records: readonly ReleaseRecord[], live: string): string {
  const may = hadTraffic(records, live);
  const found = may.find((one) => one === to || shortName(one) === to);
  if (found !== undefined) return found;
  const offered = may.slice(0, OFFERED).map(shortName).join(', ');
  throw new Refused(
    `${shortName(to)} has never had this service's traffic, by its records, or has it now. ` +
      (offered === '' ? 'There is nothing that may be named.' : `These may be named: ${offered}.`),
  );
}

/** What good records of the live version's family brought up or replaced, the newest first; without the live one. */
function hadTraffic(records: readonly ReleaseRecord[], live: string): readonly string[] {
  const all = records
    .filter(({ outcome }) => outcome === 'succeeded')
    .flatMap(({ taskDefinition, previousTaskDefinition }) => [taskDefinition, previousTaskDefinition])
    .filter((one) => one !== undefined)
    .filter((one) => familyOf(one) === familyOf(live) && one !== live);
  return [...new Set(all)];
}

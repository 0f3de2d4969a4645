import { Refused } from '../errors';
import { familyOf, shortName } from '../live';
import type { ReleaseRecord } from './model';

/** Revisions that a refusal offers. */
const OFFERED = 10;

/**
 * What the live version replaced. A rollback replaced a newer one, which is not what "before" means: its own release is
 * asked.
 */
function replacedBy(records: readonly ReleaseRecord[], live: string): string | undefined {
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
 * What the live version replaced, where nobody names another one.
 * @param records - newest first
 * @param live - ARN of what has the traffic
 * @throws Refused when the records do not say it, with those that may be named, or with how there comes to be one
 */
export function unnamed(records: readonly ReleaseRecord[], live: string): string {
  const found = replacedBy(records, live);
  if (found !== undefined) return found;
  throw new Refused(
    `No record says what had the traffic before ${shortName(live)}: name it with --to <family:revision>. ${offered(records, live)}`,
  );
}

/**
 * The revision that somebody names, when it is one that has had the service's traffic: going back is allowed without the
 * approval that a new version needs, so it leads to nothing that no release has brought up.
 * @param to - ARN or `family:revision`
 * @param records - newest first
 * @param live - ARN of what has the traffic
 * @throws Refused that lists what may be named, or says how there comes to be one
 */
export function named(to: string, records: readonly ReleaseRecord[], live: string): string {
  const found = hadTraffic(records, live).find((one) => one === to || shortName(one) === to);
  if (found !== undefined) return found;
  throw new Refused(
    `${shortName(to)} has never had this service's traffic, by its records, or has it now. ${offered(records, live)}`,
  );
}

/**
 * What may be named, in a sentence.
 * @throws Refused when nothing may: no other advice is of use then
 */
function offered(records: readonly ReleaseRecord[], live: string): string {
  const may = hadTraffic(records, live);
  if (may.length > 0) return `These may be named: ${may.slice(0, OFFERED).map(shortName).join(', ')}.`;
  throw new Refused(
    `Nothing was ever replaced here: ${shortName(live)} is the only version that has had the traffic, by the records. ` +
      'There is nothing to go back to before a second version is released: deploy one, on this machine by a change ' +
      'in app/ and "npm start -- --hold", and release it with "npm run release -- --env <name>".',
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

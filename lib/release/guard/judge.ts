import { aYearAfter } from '../../shared/days';
import { foreignChanges } from './elsewhere';
import { iamChanges } from './iam';
import {
  type ChangeSet,
  type Finding,
  type Found,
  type GuardReport,
  isOwnApproval,
  type TemplateResource,
  type Waiver,
  waiver as waiverSchema,
  WAIVERS,
} from './model';
import { networkChanges } from './network';
import { statefulChanges } from './stateful';
import { trafficChanges } from './traffic';
import { listOf } from './values';

/** What the judgement depends on beside the change set. */
export interface Circumstances {
  /** The day it is, `YYYY-MM-DD`. */
  readonly today: string;
  /** Accounts that a new role may trust without leave: the environment's own and the pipeline's. */
  readonly accounts: readonly string[];
  /**
   * A deployment that moves the traffic just now.
   * @default - none does
   */
  readonly running?: string;
}

/**
 * Judges a change set: what touches the way of the traffic, replaces or deletes data, allows more or opens a way needs a
 * waiver beside the resource that names exactly this change and holds today. What is removed has its waiver in the
 * template that is deployed now: it is announced one release before. No waiver lets the traffic's way be touched while a
 * deployment runs.
 */
export function judge(set: ChangeSet, circumstances: Circumstances): GuardReport {
  const looks = [trafficChanges, statefulChanges, foreignChanges, iamChanges, networkChanges];
  const found = looks.flatMap((look) => look(set, circumstances));
  const findings = found.map((one) => allow(one, set, circumstances));
  return {
    schemaVersion: 1,
    passed: findings.every(({ waiver }) => waiver !== undefined),
    stack: set.stack,
    changeSet: set.name,
    changes: set.changes.map((change) => ({ ...change, path: pathOf(set, change.id) })),
    findings,
    badWaivers: Object.entries(set.after).flatMap(([id, resource]) =>
      written(resource).flatMap((one) => {
        const words = problemOf(one, circumstances.today);
        return words === undefined ? [] : [{ id, words }];
      }),
    ),
  };
}

function allow(found: Found, set: ChangeSet, { today, running }: Circumstances): Finding {
  const resource = set.after[found.id] ?? set.before[found.id];
  const base = { ...found, type: resource?.Type ?? 'unknown', path: pathOf(set, found.id) };
  if (found.kind === 'traffic' && running !== undefined)
    return { ...base, notAllowed: `${running} moves the traffic now: wait until it is over` };
  const waivers = written(resource).flatMap((one) => waiverSchema.safeParse(one).data ?? []);
  const matching = waivers.filter((one) => one.change === found.change && !isOwnApproval(one));
  const last = aYearAfter(today);
  const waiver = matching.find((one: Waiver) => one.expires >= today && one.expires <= last);
  if (waiver) return { ...base, waiver };
  const [other] = matching;
  if (!other) return base;
  const why =
    other.expires < today ? `ended on ${other.expires}` : `holds longer than a year (${other.expires})`;
  return { ...base, notAllowed: `its waiver (${other.ticket}) ${why}` };
}

function written(resource: TemplateResource | undefined): readonly unknown[] {
  return listOf(resource?.Metadata?.[WAIVERS]);
}

function problemOf(one: unknown, today: string): string | undefined {
  const parsed = waiverSchema.safeParse(one);
  if (!parsed.success)
    return `A waiver lacks ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}.`;
  const { change, expires, ticket, owner } = parsed.data;
  if (isOwnApproval(parsed.data))
    return `The waiver of "${change}" (${ticket}) is approved by its owner, ${owner}: have somebody else approve it.`;
  return expires < today
    ? `The waiver of "${change}" (${ticket}, ${owner}) ended on ${expires}: take it out.`
    : undefined;
}

function pathOf({ before, after }: ChangeSet, id: string): string {
  const path = (after[id] ?? before[id])?.Metadata?.['aws:cdk:path'];
  return typeof path === 'string' ? path : id;
}

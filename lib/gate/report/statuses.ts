import { CATALOGUE, checksServing, type Entry, rulesServing, sourceOf } from '../catalogue';
import { byText } from './ids';
import type { Control, Finding, ManualEvidence, Report, Status } from './model';
import { many } from './words';

/** How a check by test ended; `left-out` where the run of the tests did not ask it. */
export type CheckResult = Report['checks'][number]['result'];

/** What the statuses are judged from. */
export interface Judged {
  /** Names of the environments. */
  readonly environments: readonly string[];
  /** Every rule. */
  readonly rules: Report['rules'];
  /** Every verdict, with the environment of its resource. */
  readonly holding: readonly { readonly rule: string; readonly environment: string }[];
  /** Every finding. */
  readonly findings: readonly Finding[];
  /** What people recorded. */
  readonly manual: readonly ManualEvidence[];
  /** How each check by test ended, by id; those of which nothing is known are not there. */
  readonly checks: ReadonlyMap<string, CheckResult>;
}

type Verdict = Control['statuses'][string];

/** From what weighs most: a standard is what the worst of its specifications is. */
const WORST_FIRST: readonly Status[] = [
  'not-met',
  'manual-evidence-due',
  'not-assessed',
  'met-with-exception',
  'met',
  'inherited',
];

/** What the rules came to in one environment, by rule. */
interface Tally {
  compliant: number;
  open: number;
  accepted: number;
  readonly exceptions: Set<string>;
}

function tallies(judged: Judged): Map<string, Tally> {
  const all = new Map<string, Tally>();
  const of = (rule: string, environment: string): Tally => {
    const key = `${environment}\n${rule}`;
    const known = all.get(key) ?? { compliant: 0, open: 0, accepted: 0, exceptions: new Set() };
    all.set(key, known);
    return known;
  };
  for (const { rule, environment } of judged.holding) of(rule, environment).compliant += 1;
  for (const { rule, environment, state, exception } of judged.findings) {
    const tally = of(rule, environment);
    if (state !== 'accepted') tally.open += 1;
    else {
      tally.accepted += 1;
      if (exception !== undefined) tally.exceptions.add(exception);
    }
  }
  return all;
}

/** What the entry's own rules, checks and records say, without its specifications. */
function ownStatus(
  entry: Entry,
  control: Control,
  environment: string,
  judged: Judged,
  all: Map<string, Tally>,
): Verdict {
  const mine = control.rules.flatMap((rule) => {
    const tally = all.get(`${environment}\n${rule}`);
    return tally ? [{ rule, ...tally }] : [];
  });
  const compliant = mine.reduce((sum, tally) => sum + tally.compliant, 0);
  const findings = mine.reduce((sum, tally) => sum + tally.open, 0);
  const exceptions = new Set(mine.flatMap((tally) => [...tally.exceptions])).size;
  const say = (status: Status, because: string): Verdict => ({ status, because, findings, exceptions });

  if (findings > 0) {
    const rules = mine.filter(({ open }) => open > 0).map(({ rule }) => rule);
    return say('not-met', `${many(findings, 'open finding')} of ${rules.join(', ')}.`);
  }
  const ended = (as: CheckResult | undefined): readonly string[] =>
    control.checks.filter((id) => judged.checks.get(id) === as);
  const failed = ended('failed');
  if (failed.length > 0) return say('not-met', `The check by test failed: ${failed.join(', ')}.`);
  if (entry.outOfScope !== undefined) return say('not-assessed', entry.outOfScope);
  if (entry.responsibility === 'inherited') return say('inherited', entry.evidence);

  const [shown, leftOut, unknown] = [ended('passed'), ended('left-out'), ended(undefined)];
  const automatic = [
    ...(compliant > 0 ? [`${many(compliant, 'evaluation')} of ${many(mine.length, 'rule')} hold`] : []),
    ...(exceptions > 0 ? [`the rest is covered by ${many(exceptions, 'exception')}`] : []),
    ...(shown.length > 0 ? [`passed by test: ${shown.join(', ')}`] : []),
    ...(leftOut.length > 0
      ? [
          `not asked by this run of the tests, which was a part of them (npm test asks all): ${leftOut.join(', ')}`,
        ]
      : []),
    ...(unknown.length > 0
      ? [`not shown here, since no test results of this commit were found: ${unknown.join(', ')}`]
      : []),
  ].join('; ');
  const sentence = automatic === '' ? '' : `${automatic.charAt(0).toUpperCase()}${automatic.slice(1)}.`;

  const records = judged.manual.filter(({ controls }) => controls.includes(entry.citation));
  if (entry.manual) {
    const late = records.filter(({ done, overdue }) => done === undefined || overdue);
    if (records.length === 0 || late.length > 0)
      return say(
        'manual-evidence-due',
        `${records.length === 0 ? 'Nobody records it.' : late.map(({ id, owner, done, due, overdue }) => `${id} of ${owner} ${done === undefined ? 'was never recorded' : `was recorded on ${done}`}, ${overdue ? `overdue since ${due}` : `due on ${due}`}.`).join(' ')} ${sentence}`.trim(),
      );
  }
  // What nobody asked is not met, however well the rest of it stands.
  if (unknown.length + leftOut.length > 0) return say('not-assessed', sentence);
  if (exceptions > 0) return say('met-with-exception', sentence);
  const recorded =
    records.length > 0
      ? ` Recorded: ${records.map(({ id, done }) => `${id} on ${done ?? '-'}`).join(', ')}.`
      : '';
  if (compliant > 0 || shown.length > 0 || entry.manual) return say('met', `${sentence}${recorded}`.trim());
  return say(
    'not-assessed',
    sentence || 'No resource of this environment is looked at by a rule that serves it.',
  );
}

/** A standard with specifications: the worst of them, and of what its own rules say. */
function combined(own: Verdict, parts: readonly (readonly [citation: string, Verdict])[]): Verdict {
  // A standard whose own rules look at nothing is told by its specifications alone.
  const worst = WORST_FIRST.find(
    (status) =>
      parts.some(([, part]) => part.status === status) ||
      (own.status === status && own.status !== 'not-assessed'),
  );
  const status = worst ?? own.status;
  const causes = parts.filter(([, part]) => part.status === status).map(([citation]) => citation);
  return {
    ...own,
    status,
    because: causes.length > 0 ? `As ${causes.join(', ')}.` : own.because,
  };
}

/** Every control of the catalogue with its status in every environment. */
export function controlsOf(judged: Judged): Control[] {
  const all = tallies(judged);
  const bare = CATALOGUE.map((entry): readonly [Entry, Control] => [
    entry,
    {
      citation: entry.citation,
      title: entry.title,
      kind: entry.standard === entry.citation ? 'standard' : 'specification',
      standard: entry.standard,
      designation: entry.designation,
      responsibility: entry.responsibility,
      owner: entry.owner,
      cadence: entry.cadence,
      evidence: entry.evidence,
      rules: rulesServing(entry, judged.rules),
      checks: checksServing(entry),
      source: sourceOf(entry),
      statuses: {},
    },
  ]);
  const own = new Map(
    bare.map(([entry, control]) => [
      entry.citation,
      new Map(judged.environments.map((name) => [name, ownStatus(entry, control, name, judged, all)])),
    ]),
  );
  const statusIn = (citation: string, name: string): readonly (readonly [string, Verdict])[] => {
    const verdict = own.get(citation)?.get(name);
    return verdict ? [[citation, verdict]] : [];
  };
  return bare
    .map(([entry, control]) => {
      const parts = CATALOGUE.filter((e) => e.standard === entry.citation && e !== entry);
      const statuses = Object.fromEntries(
        judged.environments.flatMap((name) =>
          statusIn(entry.citation, name).map(([, verdict]) => [
            name,
            parts.length === 0
              ? verdict
              : combined(
                  verdict,
                  parts.flatMap(({ citation }) => statusIn(citation, name)),
                ),
          ]),
        ),
      );
      return { ...control, statuses };
    })
    .sort((a, b) => byText(a.citation, b.citation));
}

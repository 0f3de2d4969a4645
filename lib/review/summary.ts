import type { Finding } from '../release/guard/model';
import { many } from '../gate/report/words';
import { countsOf } from './counts';
import type { Review } from './model';

/** Characters of one configuration value of an action. Source: CodePipeline user guide, "Quotas". */
export const LONGEST_SUMMARY = 1_000;

/** Characters of one sentence of it, so that a long one does not push out the others. */
const LONGEST_SENTENCE = 170;
/** What an approver wants to hear first. */
const WEIGHT: readonly Finding['kind'][] = ['data', 'traffic', 'iam', 'network'];
const END = 'The link has all of it.';

/**
 * What changes, for the one line that an approver sees: the counts, then what weighs most, as far as there is room. The
 * same review gives the same text; it is printable ASCII in one line, so that it passes through variables unchanged.
 */
export function summaryOf(review: Review): string {
  const sentences = [...sentencesOf(review)].map((sentence) => clipped(plain(sentence), LONGEST_SENTENCE));
  let text = plain(headOf(review));
  let told = 0;
  for (const sentence of sentences) {
    const rest = sentences.length - told - 1;
    const longer = `${text} ${sentence}`;
    if (`${longer} ${endOf(rest)}`.length > LONGEST_SUMMARY) break;
    text = longer;
    told += 1;
  }
  return `${text} ${endOf(sentences.length - told)}`;
}

function headOf(review: Review): string {
  const { environment, account, commit, deployed, compliance, owner } = review;
  const counts = countsOf(review);
  const { data, traffic, iam, network } = counts.findings;
  const kinds = [
    counts.contracts > 0 ? [`${counts.contracts} contract`] : [],
    counts.losing > 0 ? [many(counts.losing, 'loses data', 'lose data')] : [],
  ].flat();
  return [
    `${counts.added} new, ${counts.changed} changed, ${counts.replaced} made anew, ${counts.removed} removed;`,
    `${many(iam, 'permission')} broader, ${many(network, 'way')} opened, ${many(data, 'store')} of data made anew or gone, ${many(traffic, 'touch', 'touches')} of the traffic's way;`,
    `${many(counts.migrations, 'migration')}${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''};`,
    `HIPAA ${compliance.verdict}, ${many(compliance.open.length, 'open finding')},`,
    complianceDiffOf(compliance),
    deployed === undefined
      ? `FIRST DEPLOYMENT of ${environment} (${account}), commit ${commit.slice(0, 12)}:`
      : `Deploys ${commit.slice(0, 12)} over ${deployed.slice(0, 12)} to ${environment} (${account}):`,
    `approve for ${owner.slice(0, 60)}.`,
    ...(counts.unguarded > 0
      ? [
          `${many(counts.unguarded, 'change')} without leave in a first deployment that no guard judges: ONLY YOU stop them.`,
        ]
      : []),
    ...(counts.refused > 0 ? [`The guard WILL REFUSE ${many(counts.refused, 'change')} without leave.`] : []),
  ].join(' ');
}

/** What changed since the last release, by kind; or that nothing says so. */
function complianceDiffOf({ since, changes, unfit }: Review['compliance']): string {
  if (unfit.length > 0) return 'the EVIDENCE OF THE LAST RELEASE IS NOT FIT to compare with.';
  if (since === undefined) return 'no earlier report to compare with.';
  const kinds = [...new Set(changes.map(({ kind }) => kind))]
    .sort()
    .map((kind) => `${changes.filter((one) => one.kind === kind).length} ${kind}`);
  return `${many(changes.length, 'change')}${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''} since ${since.slice(0, 60)}.`;
}

function* sentencesOf({ stacks, schema, compliance }: Review): Generator<string> {
  const findings = stacks.flatMap(({ stack, judged }) => judged.findings.map((one) => ({ stack, ...one })));
  const weighed = WEIGHT.flatMap((kind) => findings.filter((one) => one.kind === kind));
  for (const words of compliance.unfit) yield words;
  for (const problem of schema.problems) yield `Schema: ${problem}`;
  for (const { title } of schema.pending.filter(({ destructive }) => destructive))
    yield `${title} loses data.`;
  for (const { path, words, waiver } of weighed)
    yield `${path}: ${words}${waiver ? ` (leave: ${waiver.ticket})` : ''}`;
  for (const words of compliance.open) yield `Open: ${words}`;
  for (const { title, phase, locks } of schema.pending.filter(({ destructive }) => !destructive))
    yield `${title} (${phase}${locks.length > 0 ? `, locks ${locks.map(({ table }) => table).join(', ')}` : ''}).`;
  for (const { kind, text } of compliance.changes) yield `${kind}: ${text}`;
  for (const words of compliance.ending) yield words;
}

function endOf(left: number): string {
  return left > 0 ? `And ${left} more. ${END}` : END;
}

/** One line of printable ASCII that no variable of a pipeline can be written in. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/g, '?')
    .replaceAll('#{', '# {')
    .trim();
}

function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}

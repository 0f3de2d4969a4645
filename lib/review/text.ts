import { guardText } from '../release/guard';
import { many } from '../gate/report/words';
import { countsOf } from './counts';
import type { ComplianceReview, PendingMigration, Review, SchemaReview, StackReview } from './model';
import { summaryOf } from './summary';

/** The whole review for people, as Markdown. What comes from templates stands in blocks of code, so it stays text. */
export function reviewText(review: Review): string {
  const { environment, commit, deployed, stacks, schema, compliance } = review;
  const { refused } = countsOf(review);
  return [
    `# Review of ${environment}`,
    summaryOf(review),
    deployed === undefined
      ? `Commit ${commit}. This is the first deployment: nothing of the environment stands yet, and everything below is new.`
      : `Commit ${commit} over ${deployed}.`,
    '## Infrastructure and permissions',
    'From the templates that are deployed and those of this release. A change set tells more than templates do: a guard judges each once more before it is executed, and refuses what needs leave and has none.',
    ...(refused > 0 ? [`**${many(refused, 'change')} will be refused as it stands.**`] : []),
    ...stacks.map((stack) => block(stackText(stack))),
    '## Schema',
    ...schemaParts(schema),
    '## Compliance',
    ...complianceParts(compliance, deployed),
  ]
    .join('\n\n')
    .concat('\n');
}

function stackText({ judged, deployed, guarded }: StackReview): string {
  const lines = guardText(judged).split('\n');
  const waiting = judged.findings.filter(({ waiver }) => waiver === undefined).length;
  // The guard's last line is its verdict, and here there is nobody to give it.
  if (!guarded && waiting > 0)
    lines.splice(
      -1,
      1,
      `No guard judges this first deployment: ${many(waiting, 'change')} without leave, and only the approver stops them.`,
    );
  return `${deployed ? '' : 'Not deployed yet. '}${lines.join('\n')}`;
}

function schemaParts({
  known,
  version,
  askedRelease,
  pending,
  repeatables,
  problems,
}: SchemaReview): readonly string[] {
  return [
    known === 'read'
      ? `The database is at version ${version}, by the word of the function that stands there (release ${askedRelease ?? 'unknown'}). ` +
        'That function carries the files of its own release: what follows is of the files of this one, and how long each takes is told by the plan of the migration step, which knows the sizes of the tables.'
      : 'There is no database yet whose history could be read: every migration of this release runs.',
    ...(problems.length > 0 ? [block(problems.join('\n'))] : []),
    pending.length === 0 ? 'No migration is pending.' : block(pending.map(migrationText).join('\n')),
    ...(repeatables.length > 0
      ? [`Definitions that are replaced where they differ: ${repeatables.map(inline).join(', ')}.`]
      : []),
  ];
}

function migrationText(migration: PendingMigration): string {
  const { title, phase, reversible, destructive, approval, backfills, statements, locks, state } = migration;
  const when = phase === 'contract' ? 'runs only once the older release is gone' : 'runs before the release';
  return [
    `${title} (${phase}: ${when}; undoing: ${reversible}; ${many(statements, 'statement')}; ${state})`,
    ...(destructive
      ? [
          approval
            ? `  LOSES DATA: agreed by ${approval.by} in ${approval.ticket}: ${approval.reason}`
            : '  LOSES DATA, and nobody has agreed to it in the file',
        ]
      : []),
    ...(backfills === undefined ? [] : [`  changes the rows of ${backfills} in batches`]),
    ...locks.map(
      ({ table, mode, rewrites, scans }) =>
        `  locks ${table}: ${mode}${rewrites ? ', writes it anew' : ''}${scans ? ', reads it whole' : ''}`,
    ),
  ].join('\n');
}

function complianceParts(
  { verdict, open, ending, exceptions, unfit, since, changes }: ComplianceReview,
  deployed: string | undefined,
): readonly string[] {
  return [
    `Verdict of this release: ${verdict}; ${many(open.length, 'open finding')}, ${many(exceptions, 'exception')}.`,
    ...(open.length > 0 ? [block(open.join('\n'))] : []),
    ...(ending.length > 0 ? [block(ending.join('\n'))] : []),
    ...(unfit.length > 0
      ? ['**The evidence of the last release is not fit to compare with:**', block(unfit.join('\n'))]
      : []),
    sinceText(since, changes.length, unfit.length > 0),
    ...(since !== undefined && deployed !== undefined && !since.includes(deployed)
      ? [
          `That is the last release that left its evidence, and not ${inline(deployed)}, which is deployed: what that one changed is among it.`,
        ]
      : []),
    ...(changes.length > 0
      ? [block(changes.map(({ kind, subject, text }) => `${kind.padEnd(18)}${subject}: ${text}`).join('\n'))]
      : []),
  ];
}

function sinceText(since: string | undefined, changes: number, unfit: boolean): string {
  if (since !== undefined)
    return changes === 0 ? `Nothing changed since ${inline(since)}.` : `Changed since ${inline(since)}:`;
  return `${unfit ? '' : 'No release has left its evidence for this environment yet. '}What changed since cannot be told here; the findings and exceptions above are those of this release as it is.`;
}

/** A block of code; a fence longer than any in it, so that it ends where it should. */
function block(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([fence]) => fence.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function inline(text: string): string {
  return `\`${text.replaceAll('`', "'").replace(/\s+/g, ' ')}\``;
}

import { type Change, type Report, STATUSES } from '../report/model';

/** Characters that GitHub takes in one comment. Source: GitHub's API answers longer ones with 422. */
const LONGEST = 65_536;
/** Rows of one table at most; the rest is counted. */
const MOST_ROWS = 50;

const VERDICTS = { pass: 'Pass', 'pass-with-exceptions': 'Pass with exceptions', fail: '**Fail**' } as const;

/**
 * The report in one screen, for a pull request and for whoever approves a release: verdicts, statuses, open findings,
 * exceptions that end soon, and what changed since the release that is compared with.
 */
export function renderMarkdown(report: Report): string {
  const { system, version, commit, dirty, judgedOn, verdict } = report;
  const soon = report.exceptions.filter(({ state }) => state !== 'active');
  const open = report.findings.filter(({ state }) => state !== 'accepted');
  const overdue = report.manual.filter((item) => item.overdue);
  const sections = [
    `# ${text(system)} ${text(version)}: ${VERDICTS[verdict]}`,
    `Commit \`${text(commit)}\`${dirty ? ', **with changes that are not committed**' : ''}, judged on ${judgedOn}.`,
    statuses(report),
    list('Open findings', open, ({ rule, environment, resource, detail }) =>
      row(rule, environment, resource, detail),
    ),
    list(
      'Exceptions that ended, end soon or are not used',
      soon,
      ({ rule, environment, path, expires, owner, state }) =>
        row(`${rule} (${state}, until ${expires})`, environment, path, `answers: ${owner}`),
    ),
    list(
      'Leave for changes that stands, used or not',
      report.waivers,
      ({ change, expires, environment, path, owner }) =>
        row(`${change} (until ${expires})`, environment, path, `answers: ${owner}`),
    ),
    list('Manual evidence overdue', overdue, ({ title, due, owner, controls }) =>
      row(title, due, controls.join(', '), `answers: ${owner}`),
    ),
    healthData(report),
    changes(report),
    ['## What this does not prove', ...report.limits.map((limit) => `- ${text(limit)}`)].join('\n'),
  ];
  const whole = `${sections.filter((section) => section !== '').join('\n\n')}\n`;
  const end = '\n\nThe rest is in the report.\n';
  return whole.length <= LONGEST ? whole : `${whole.slice(0, LONGEST - end.length)}${end}`;
}

function statuses({ environments, controls }: Report): string {
  const names = environments.map(({ name }) => name);
  const counted = STATUSES.map((status) => [
    status,
    ...names.map((name) => controls.filter(({ statuses: by }) => by[name]?.status === status).length),
  ]);
  return [
    row('Items of 45 CFR 164', ...names),
    row(...['', ...names].map(() => '---')),
    row('verdict', ...environments.map(({ verdict }) => verdict)),
    ...counted.map((cells) => row(...cells.map(String))),
  ].join('\n');
}

function healthData({ phi, environments }: Report): string {
  const holding = phi.stores.filter(({ classification }) => classification === 'PHI');
  if (holding.length === 0) return '';
  return [
    row('Health data', 'stores', 'who can read them', 'ways', 'not encrypted'),
    row(...['', '', '', '', ''].map(() => '---')),
    ...environments.flatMap(({ name }) => {
      const stores = holding.filter(({ environment }) => environment === name);
      const readers = new Set(stores.flatMap((store) => store.readers.map((reader) => reader.name)));
      const flows = phi.flows.filter(({ environment }) => environment === name);
      const open = flows.filter(({ encrypted }) => !encrypted);
      return stores.length === 0
        ? []
        : [row(name, ...[stores.length, readers.size, flows.length, open.length].map(String))];
    }),
  ].join('\n');
}

function changes({ diff }: Report): string {
  if (diff === undefined) return 'Compared with no earlier release.';
  if (diff.changes.length === 0) return `Nothing changed since ${text(diff.from)}.`;
  return list(
    `Changed since ${text(diff.from)}`,
    diff.changes,
    ({ kind, environment, subject, text: words }: Change) => row(kind, environment, subject, words),
  );
}

function list<Item>(title: string, items: readonly Item[], line: (item: Item) => string): string {
  if (items.length === 0) return '';
  const more = items.length - MOST_ROWS;
  return [
    `## ${title} (${items.length})`,
    '',
    row('What', 'Environment or date', 'Where', 'Words'),
    row('---', '---', '---', '---'),
    ...items.slice(0, MOST_ROWS).map(line),
    ...(more > 0 ? [row(`and ${more} more`, '', '', '')] : []),
  ].join('\n');
}

function row(...cells: string[]): string {
  return `| ${cells.map(text).join(' | ')} |`;
}

/** Text that stays text: no table, no markup, no mention of anybody. */
function text(value: string): string {
  return value
    .replace(/\s+/g, ' ')
    .replace(/[\\|<>[\]*_`]/g, (sign) => `\\${sign}`)
    .replaceAll('@', '@\u200B');
}

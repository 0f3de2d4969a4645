import { type Report, STATUSES } from '../../report/model';
import { html, type Markup } from './markup';

type Cell = string | number | Markup;

/** A section of one table; a sentence where there is nothing to show. */
export function tableSection(
  id: string,
  title: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  nothing: string,
  about = '',
): Markup {
  const body =
    rows.length === 0
      ? html`<p>${nothing}</p>`
      : html`<div class="wide" tabindex="0" role="region" aria-label="${title}, table">
          <table>
            <thead>
              <tr>
                ${heads.map((head) => html`<th scope="col">${head}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                (cells) =>
                  html`<tr>
                    ${cells.map((one) => html`<td>${one}</td>`)}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`;
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${about === '' ? '' : html`<p>${about}</p>`} ${body}
  </section>`;
}

/** A word in the colour of what it says. */
export const marked = (word: string): Markup =>
  html`<span class="${word}">${word.replaceAll('-', ' ')}</span>`;

/** What a reader of one page needs: verdicts and how many items have which status. */
export function executiveSection({ environments, controls }: Report): Markup {
  const count = (environment: string, status: string): number =>
    controls.filter(({ statuses }) => statuses[environment]?.status === status).length;
  return tableSection(
    'executive',
    'At a glance',
    [
      'Environment',
      'Account',
      'Region',
      'Resources',
      'Verdict',
      ...STATUSES.map((one) => one.replaceAll('-', ' ')),
    ],
    environments.map(({ name, account, region, resources, verdict }) => [
      ...[name, account, region, resources, marked(verdict)],
      ...STATUSES.map(
        (status) =>
          html`<a href="#ledger?environment=${encodeURIComponent(name)}&status=${status}"
            >${count(name, status)}</a
          >`,
      ),
    ]),
    'There is no environment.',
    'How many items of the Security Rule have which status. Only “met” and “met with exception” say that an item holds.',
  );
}

/** Days within which an exception's end is told on the first page. */
const SOON = [30, 60, 90] as const;

/** What ends soon, and when the platform was last tried: the rest of the first page. */
export function dueSection({ exceptions, operational, judgedOn }: Report): Markup {
  const left = ({ expires }: Report['exceptions'][number]): number =>
    (Date.parse(expires) - Date.parse(judgedOn)) / 86_400_000;
  const ends = exceptions.map(left);
  const counted = (count: number): Markup =>
    html`${count === 0 ? 'none' : count} of <a href="#exceptions">${exceptions.length}</a>`;
  const last = (kind: string): string => {
    const found = operational.find((one) => one.kind === kind);
    return found?.state === 'present' ? found.summary : `There is none. ${found?.summary ?? ''}`.trim();
  };
  return tableSection(
    'due',
    'Due, and last tried',
    ['What', 'How it stands'],
    [
      ['Exceptions that have ended', counted(ends.filter((days) => days < 0).length)],
      ...SOON.map((within): Cell[] => [
        `Exceptions that end within ${within} days`,
        counted(ends.filter((days) => days >= 0 && days <= within).length),
      ]),
      ['Last restore drill', last('restore-drill')],
      ['Last drift check', last('drift')],
    ],
    '',
  );
}

/** What changed since the release that is compared with. */
export function diffSection({ diff }: Report): Markup {
  return tableSection(
    'diff',
    diff === undefined ? 'Since the last release' : `Since ${diff.from}`,
    ['What', 'Environment', 'Where', 'Words'],
    (diff?.changes ?? []).map(({ kind, environment, subject, text }) => [kind, environment, subject, text]),
    diff === undefined ? 'Compared with no earlier release.' : 'Nothing changed.',
  );
}

/** What people do and record. */
export function manualSection({ manual }: Report): Markup {
  return tableSection(
    'manual',
    'Evidence that people owe',
    ['State', 'What', 'Items', 'Answers', 'Done', 'Next due', 'Where'],
    manual.map((one) => [
      ...[marked(one.overdue ? 'overdue' : 'in-time'), one.title, one.controls.join(', '), one.owner],
      ...[one.done ?? 'never', one.due, one.link],
    ]),
    'Nothing is recorded.',
  );
}

/** What the running of the platform left. */
export function operationalSection({ operational }: Report): Markup {
  return tableSection(
    'operational',
    'Operational evidence',
    ['State', 'What', 'Summary', 'File'],
    operational.map(({ state, title, summary, file }) => [state, title, summary, file ?? '-']),
    'Nothing was collected.',
  );
}

/** Files that the report is about. */
export function indexSection({ templates, tools }: Report): Markup {
  return tableSection(
    'index',
    'Evidence index',
    ['Stack', 'File', 'SHA-256'],
    templates.map(({ path, file, sha256 }) => [path, file, sha256]),
    'No template was judged.',
    `Judged by ${Object.entries(tools)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
  );
}

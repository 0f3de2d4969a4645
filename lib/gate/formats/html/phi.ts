import type { Report } from '../../report/model';
import { html, type Markup } from './markup';
import { tableSection } from './sections';
import { within } from './together';

type Store = Report['phi']['stores'][number];

const NOT_MAPPED = 'Not mapped in this report.';

/** Who can, one below the other: name, how, under which condition, and who may become it. */
function people(environment: string, all: Store['readers']): Markup {
  if (all.length === 0) return html`nobody`;
  return html`<ul>
    ${all.map(
      ({ name, how, condition, assumedBy }) =>
        html`<li>
          <strong>${within(environment, name)}</strong>:
          ${how}${condition === undefined ? '' : `, under condition ${condition}`}${
            assumedBy.length === 0 ? '' : `; assumed by ${assumedBy.join(', ')}`
          }
        </li>`,
    )}
  </ul>`;
}

function watchedTable(stores: readonly Store[]): Markup {
  return tableSection(
    'phi',
    'Health data: stores',
    ['Environment', 'Store', 'Class', 'How it is kept', 'Who can read it'],
    stores.map(
      ({ environment, path, name, type, classification, key, rotation, retention, backup, readers }) => [
        environment,
        html`<strong>${name}</strong><br />${within(environment, path)}<br />${type}`,
        classification,
        html`<ul>
          <li>Key: ${within(environment, key)}${key === 'none' ? '' : `, rotation: ${rotation}`}</li>
          <li>Kept: ${retention}</li>
          <li>Backup: ${backup}</li>
        </ul>`,
        people(environment, readers),
      ],
    ),
    NOT_MAPPED,
    'Computed from the templates. Whatever they do not tell counts as can; administrators of the account are not in them.',
  );
}

function keysTable(stores: readonly Store[]): Markup {
  const keys = new Map(
    stores
      .filter(({ key, decryptors }) => key !== 'none' && decryptors.length > 0)
      .map((store) => [`${store.environment}\n${store.key}`, store]),
  );
  return tableSection(
    'phi-keys',
    'Health data: who can decrypt',
    ['Environment', 'Key', 'Who can decrypt by it, or let themselves'],
    [...keys.values()].map(({ environment, key, decryptors }) => [
      environment,
      within(environment, key),
      people(environment, decryptors),
    ]),
    NOT_MAPPED,
    'The root of an account stands for its administrators: a key’s policy leaves the decision to the policies of the account.',
  );
}

/** Where health data is, who can come to it, and how it travels. */
export function phiSection({ phi }: Report): Markup {
  const { listDated, source, used } = phi.services;
  const watched = phi.stores.filter(
    ({ readers, decryptors, classification }) =>
      ['PHI', 'PII', 'Audit', 'unclassified'].includes(classification) ||
      readers.length + decryptors.length > 0,
  );
  const others = phi.stores.filter((store) => !watched.includes(store));
  return html`${watchedTable(watched)} ${keysTable(watched)}
  ${tableSection(
    'phi-others',
    'Stores without health data',
    ['Environment', 'Store', 'Type', 'Class', 'Kept'],
    others.map(({ environment, path, type, classification, retention }) => [
      ...[environment, within(environment, path), type, classification, retention],
    ]),
    'None, or not mapped.',
  )}
  ${tableSection(
    'phi-columns',
    'Health data: columns of the database',
    ['Table', 'Column', 'Class'],
    phi.columns.map(({ table, column, classification }) => [table, column, classification]),
    NOT_MAPPED,
  )}
  ${tableSection(
    'phi-flows',
    'Health data: on the way',
    ['Environment', 'Encrypted', 'From', 'To', 'Protected by'],
    phi.flows.map(({ environment, from, to, protection, encrypted }) => [
      ...[
        environment,
        encrypted ? 'yes' : html`<strong class="not-met">NO</strong>`,
        within(environment, from),
        within(environment, to),
        protection,
      ],
    ]),
    NOT_MAPPED,
  )}
  ${tableSection(
    'services',
    'Services and their eligibility',
    ['Service', 'Standing', 'Types used'],
    used.map(({ service, standing, types }) => [service, standing, types.join(', ')]),
    'Not compared in this report.',
    `List of ${listDated}. ${source}`,
  )}`;
}

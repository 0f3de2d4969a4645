import { baseRule } from '../../rule-ids';
import type { Report } from '../../report/model';
import type { Exception } from '../../report/registers';
import { many } from '../../report/words';
import { ruleAnchor } from './ledger';
import { html, type Markup } from './markup';
import { marked, tableSection } from './sections';
import { added, together, within } from './together';

/** What two exceptions have in common that were written once, for several resources or environments. */
const termsOf = (one: Exception): string =>
  [
    one.state,
    one.rule,
    one.reason,
    one.compensatingControl,
    one.owner,
    one.approvedBy,
    one.expires,
    one.ticket,
  ].join('\n');

/** Where they hold: the environments, and in each the construct paths. */
export function places(
  written: readonly Pick<Exception, 'environment' | 'path'>[],
  names: readonly string[],
): Markup {
  const each = names.map((name) => {
    const here = written.filter(({ environment }) => environment === name);
    return [name, here.map(({ path }) => within(name, path))] as const;
  });
  return html`<ul>
    ${together(names, each).map(
      ({ environments, parts }) => html`<li><strong>${environments}</strong>: ${parts.join(', ')}</li>`,
    )}
  </ul>`;
}

/** Every exception in force, or that should not be there any more: once for each time that it was written. */
export function exceptionsSection({ exceptions, environments, rules }: Report): Markup {
  const known = new Set(rules.map(({ id }) => id));
  const names = [
    ...new Set([...environments.map(({ name }) => name), ...exceptions.map((one) => one.environment)]),
  ];
  const groups = new Map<string, Exception[]>();
  for (const one of exceptions) added(groups, termsOf(one), one);
  const rows = [...groups.values()].flatMap((same) => {
    const [one] = same;
    if (!one) return [];
    const rule = known.has(baseRule(one.rule))
      ? html`<a href="#${ruleAnchor(baseRule(one.rule))}">${one.rule}</a>`
      : html`${one.rule}`;
    return [
      [
        html`${marked(one.state)}<br />until ${one.expires}`,
        html`${rule} ${places(same, names)}`,
        html`${one.reason}
          <p class="small">Instead of it: ${one.compensatingControl}</p>`,
        html`${one.owner}<br /><span class="small">approved by ${one.approvedBy}, ${one.ticket}</span>`,
      ],
    ];
  });
  return tableSection(
    'exceptions',
    'Exceptions register',
    ['State', 'Rule, and where it does not hold', 'Reason', 'Answers for it'],
    rows,
    'Nothing is accepted.',
    `Written beside the resource in code; this register is read from there and nowhere else. ${many(exceptions.length, 'exception')}, those of the same words together; exceptions.csv has a row for each.`,
  );
}

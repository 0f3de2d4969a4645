import { type Control, type Report, STATUSES } from '../../report/model';
import { html, type Markup } from './markup';
import { together } from './together';

/** Every item of the Security Rule with its status in every environment, and what it rests on. */
export function ledgerSection({ controls, environments }: Report): Markup {
  const names = environments.map(({ name }) => name);
  const option = (value: string): Markup => html`<option>${value}</option>`;
  return html`<section id="ledger" aria-labelledby="ledger-title">
    <h2 id="ledger-title">Control ledger</h2>
    <p>
      Standards and implementation specifications of 45 CFR 164.308 to 164.316. Open an item for what it rests
      on.
    </p>
    <form id="ledger-filter" aria-label="Filter the ledger">
      <label>Search <input type="search" name="search" /> </label>
      <label
        >Environment
        <select name="environment">
          <option value="">any</option>
          ${names.map(option)}
        </select></label
      >
      <label
        >Status
        <select name="status">
          <option value="">any</option>
          ${STATUSES.map(option)}
        </select></label
      >
    </form>
    <p id="ledger-count" role="status" class="small"></p>
    <div class="wide" tabindex="0" role="region" aria-label="Control ledger, table">
      <table>
        <thead>
          <tr>
            <th scope="col">Item</th>
            ${names.map((name) => html`<th scope="col">${name}</th>`)}
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          ${controls.map((control) => row(control, names))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row(control: Control, names: readonly string[]): Markup {
  const { citation, title, designation, statuses } = control;
  const held = Object.fromEntries(names.map((name) => [name, statuses[name]?.status ?? '']));
  return html`<tr data-statuses="${JSON.stringify(held)}">
    <th scope="row">
      <details id="${anchor(citation)}">
        <summary>${citation} ${title} <span class="small">(${designation})</span></summary>
        ${drilled(control)}
      </details>
    </th>
    ${names.map((name) => cell(statuses[name]))}
    <td class="small">${reasons(statuses, names)}</td>
  </tr>`;
}

function cell(status: Control['statuses'][string] | undefined): Markup {
  if (status === undefined) return html`<td>-</td>`;
  return html`<td><span class="${status.status}">${status.status.replaceAll('-', ' ')}</span></td>`;
}

/** The reasons, each part once with the environments that it is of: most differ in their counts alone. */
function reasons(statuses: Control['statuses'], names: readonly string[]): Markup {
  const each = names.map((name) => {
    const parts = (statuses[name]?.because ?? '').split(/(?<=[.;]) /);
    return [name, parts.map((part) => part.replace(/[.;]$/, ''))] as const;
  });
  return html`<ul>
    ${together(names, each).map(
      ({ environments, parts }) => html`<li><strong>${environments}</strong>: ${sentence(parts)}</li>`,
    )}
  </ul>`;
}

/** Parts of sentences as one. */
function sentence([first = '', ...rest]: readonly string[]): string {
  return `${[first, ...rest.map((part) => part.charAt(0).toLowerCase() + part.slice(1))].join('; ')}.`;
}

function drilled({ evidence, responsibility, owner, cadence, rules, checks, source }: Control): Markup {
  const rule = (id: string): Markup => html`<li><a href="#${ruleAnchor(id)}">${id}</a></li>`;
  return html`<p>${evidence}</p>
    <dl>
      <dt>Responsibility</dt>
      <dd>${responsibility}</dd>
      <dt>Answers for it</dt>
      <dd>${owner}</dd>
      <dt>Looked at</dt>
      <dd>${cadence}</dd>
      <dt>Checks by test</dt>
      <dd>${checks.length === 0 ? 'none' : checks.join(', ')}</dd>
      <dt>Source</dt>
      <dd>${source}</dd>
    </dl>
    ${
      rules.length === 0
        ? html`<p>No rule serves it.</p>`
        : html`<ul>
            ${rules.map(rule)}
          </ul>`
    }`;
}

/** The rules, with what each found and where. */
export function rulesSection({ rules, findings }: Report): Markup {
  const found = new Map<string, number>();
  for (const { rule } of findings) found.set(rule, (found.get(rule) ?? 0) + 1);
  return html`<section id="rules" aria-labelledby="rules-title">
    <h2 id="rules-title">Rules</h2>
    <p class="small">How many resources of the whole application each rule judged, and how.</p>
    ${rules.map(({ id, plugin, controls, rationale, mend, counts }) => {
      return html`<details id="${ruleAnchor(id)}">
        <summary>${id} <span class="small">${plugin}</span></summary>
        <p>${rationale}</p>
        ${mend === undefined ? '' : html`<p>Mend: ${mend}</p>`}
        <dl>
          <dt>Serves</dt>
          <dd>${controls.map((citation) => html`<a href="#${anchor(citation)}">${citation}</a> `)}</dd>
          <dt>Judged</dt>
          <dd>
            ${counts.compliant} compliant, ${counts['non-compliant']} not compliant,
            ${counts['not-applicable']} not applicable, ${counts.error} could not be judged
          </dd>
          <dt>Findings</dt>
          <dd><a href="#findings?rule=${encodeURIComponent(id)}">${found.get(id) ?? 0}</a></dd>
        </dl>
      </details>`;
    })}
  </section>`;
}

function anchor(citation: string): string {
  return `item-${citation.replace(/[^A-Za-z0-9.]+/g, '-')}`;
}

/** Where a rule stands on the page. */
export function ruleAnchor(id: string): string {
  return `rule-${id.replace(/[^A-Za-z0-9.-]+/g, '-')}`;
}

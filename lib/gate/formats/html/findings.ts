import type { Report } from '../../report/model';
import { type Pieces } from '../pieces';
import { sourceTexts } from '../source-texts';
import { html, jsonText, type Markup } from './markup';

const HEADS = ['State', 'Rule', 'Environment', 'Resource', 'Source', 'Detail'];

/** Rows that stand in the page as it is written; the page's program turns to the others. */
const SHOWN = 100;
/** Numbers that become text at once. */
const AT_ONCE = 60_000;

/** The findings, of which the page's program shows a part: a hundred thousand rows at once would stop a browser. */
export function findingsSection(report: Report): Markup {
  const of = (values: readonly string[]): readonly Markup[] =>
    [...new Set(values)].sort().map((value) => html`<option>${value}</option>`);
  const { findings } = report;
  return html`<section id="findings" aria-labelledby="findings-title">
    <h2 id="findings-title">Findings</h2>
    <form id="findings-filter" aria-label="Filter the findings">
      <label>Search <input type="search" name="search" /></label>
      <label
        >State
        <select name="state">
          <option value="">any</option>
          ${of(findings.map(({ state }) => state))}
        </select></label
      >
      <label
        >Environment
        <select name="environment">
          <option value="">any</option>
          ${of(findings.map(({ environment }) => environment))}
        </select></label
      >
      <label
        >Rule
        <select name="rule">
          <option value="">any</option>
          ${of([...report.rules.map(({ id }) => id), ...findings.map(({ rule }) => rule)])}
        </select></label
      >
    </form>
    <p id="findings-count" role="status" class="small">
      ${Math.min(findings.length, SHOWN)} of ${findings.length} findings; the page’s program shows the others,
      which are in findings.csv too.
    </p>
    <div class="wide" tabindex="0" role="region" aria-label="Findings, table">
      <table>
        <thead>
          <tr>
            ${HEADS.map((head) => html`<th scope="col"><button type="button">${head}</button></th>`)}
          </tr>
        </thead>
        <tbody>
          ${[...shown(report, SHOWN)].map(row)}
        </tbody>
      </table>
    </div>
    <div class="pages">
      <button type="button" id="before">Page before</button>
      <button type="button" id="after">Next page</button>
    </div>
  </section>`;
}

/**
 * Everything that the page's program knows of the findings: each text once, and for each finding six numbers of texts, one
 * for each column. A browser reads that faster than the texts of a hundred thousand rows.
 */
export function* findingsData(report: Report): Pieces {
  const numbers = new Map<string, number>();
  yield '{"texts":[';
  const cells = new Uint32Array(report.findings.length * HEADS.length);
  let index = 0;
  for (const row of shown(report, Infinity))
    for (const text of row) {
      let number = numbers.get(text);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(text, number);
        yield `${number === 0 ? '' : ','}${jsonText(text)}`;
      }
      cells[index++] = number;
    }
  yield '],"cells":[';
  for (let from = 0; from < cells.length; from += AT_ONCE)
    yield `${from === 0 ? '' : ','}${cells.subarray(from, from + AT_ONCE).join(',')}`;
  yield ']}';
}

function row([state = '', ...others]: readonly string[]): Markup {
  return html`<tr>
    <td class="${state}">${state}</td>
    ${others.map((text) => html`<td>${text}</td>`)}
  </tr>`;
}

/** The cells of the first findings. */
function* shown(report: Report, count: number): Iterable<readonly string[]> {
  const sources = sourceTexts(report);
  for (const { state, rule, environment, resource, detail, part } of report.findings.slice(0, count)) {
    const found = part === undefined ? detail : `${part}: ${detail}`;
    yield [state, rule, environment, resource, sources.get(resource) ?? '', found];
  }
}

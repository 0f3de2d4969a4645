import type { Report } from '../../report/model';
import { html, jsonBlock, type Markup } from './markup';

const HEADS = ['State', 'Rule', 'Environment', 'Resource', 'Source', 'Detail'];

/** The findings, shown by the page's program: a hundred thousand rows at once would stop a browser. */
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
            ${of(findings.map(({ rule }) => rule))}
          </select></label
        >
      </form>
      <p id="findings-count" role="status" class="small">
        The ${findings.length} findings are shown by the page’s program; without it, they are in findings.csv.
      </p>
      <div class="wide" tabindex="0" role="region" aria-label="Findings, table">
        <table>
          <thead>
            <tr>
              ${HEADS.map((head) => html`<th scope="col"><button type="button">${head}</button></th>`)}
            </tr>
          </thead>
          <tbody></tbody>
        </table>
      </div>
      <div class="pages">
        <button type="button" id="before">Page before</button>
        <button type="button" id="after">Next page</button>
      </div>
    </section>
    <script type="application/json" id="data">
      ${jsonBlock({ findings: rows(report) })}
    </script>`;
}

function rows({ findings, resources }: Report): readonly (readonly string[])[] {
  const sources = new Map(
    resources.flatMap(({ path, source }) => (source ? [[path, `${source.file}:${source.line}`]] : [])),
  );
  return findings.map(({ state, rule, environment, resource, detail, part }) => [
    ...[state, rule, environment, resource, sources.get(resource) ?? ''],
    part === undefined ? detail : `${part}: ${detail}`,
  ]);
}

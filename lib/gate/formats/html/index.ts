import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Report } from '../../report/model';
import { type Pieces } from '../pieces';
import { exceptionsSection } from './exceptions';
import { findingsData, findingsSection } from './findings';
import { ledgerSection, rulesSection } from './ledger';
import { html, type Markup } from './markup';
import { phiSection } from './phi';
import {
  diffSection,
  dueSection,
  executiveSection,
  indexSection,
  manualSection,
  operationalSection,
} from './sections';
import { waiversSection } from './waivers';
import { wildcardsSection } from './wildcards';

const SECTIONS: readonly (readonly [id: string, title: string])[] = [
  ['executive', 'At a glance'],
  ['ledger', 'Ledger'],
  ['rules', 'Rules'],
  ['exceptions', 'Exceptions'],
  ['wildcards', 'Wildcards'],
  ['waivers', 'Leave'],
  ['findings', 'Findings'],
  ['manual', 'Owed by people'],
  ['phi', 'Health data'],
  ['diff', 'Changes'],
  ['operational', 'Operation'],
  ['index', 'Index'],
  ['limits', 'Limits'],
];

const MEANINGS: Readonly<Record<Report['verdict'], string>> = {
  pass: 'No rule found anything in any environment.',
  'pass-with-exceptions': 'Everything that the rules found is covered by an exception that holds.',
  fail: 'Something is open: a finding, an exception that has ended, a check that failed, or overdue evidence.',
};

/** The synth's evidence is sealed before an approval, and not every environment asks for one. */
const NOBODY = 'nobody: written before an approval, or none was asked for';

const asset = (name: string): string => fs.readFileSync(path.join(__dirname, name), 'utf8');
const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * The report as one page that needs nothing else: no network, no other file. A policy in it lets its own style and
 * program run and nothing besides, so that no content of a report can.
 */
export function* renderHtml(report: Report): Pieces {
  const { system, version, verdict } = report;
  const style = asset('page.css');
  const program = asset('page.js');
  const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(program)}; base-uri 'none'; form-action 'none'`;
  // Put together as they are: a hash in the policy is of every byte between the tags.
  const styled = { html: `<style>${style}</style>` };
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${system} ${version}: HIPAA evidence, ${verdict.replaceAll('-', ' ')}</title>
        ${styled}
      </head>
      <body>
        <a class="skip" href="#executive">To the report</a>
        ${cover(report)}
        <main>
          ${executiveSection(report)} ${dueSection(report)} ${ledgerSection(report)} ${rulesSection(report)}
          ${exceptionsSection(report)} ${wildcardsSection(report)} ${waiversSection(report)}
          ${findingsSection(report)} ${manualSection(report)} ${phiSection(report)} ${diffSection(report)}
          ${operationalSection(report)} ${indexSection(report)} ${limits(report)}
        </main>
      </body>
    </html>`;
  yield `${page.html}\n<script type="application/json" id="data">`;
  yield* findingsData(report);
  yield `</script>\n<script>${program}</script>\n</body>\n</html>\n`;
}

function cover({
  system,
  version,
  commit,
  dirty,
  judgedOn,
  verdict,
  execution,
  catalogueVersion,
}: Report): Markup {
  return html`<header>
    <h1>${system}: evidence of the HIPAA Security Rule</h1>
    <p class="verdict">
      Verdict: <strong class="${verdict}">${verdict.replaceAll('-', ' ')}</strong>. ${MEANINGS[verdict]}
      <a href="#limits">What it does not prove</a>
    </p>
    <dl>
      <dt>Version</dt>
      <dd>${version}</dd>
      <dt>Commit</dt>
      <dd>${commit}${dirty ? ', with changes that are not committed' : ''}</dd>
      <dt>Judged on</dt>
      <dd>${judgedOn}</dd>
      <dt>Catalogue</dt>
      <dd>${catalogueVersion}</dd>
      <dt>Execution</dt>
      <dd>${execution?.id ?? 'none: not made by the pipeline'}</dd>
      <dt>Approved by</dt>
      <dd>${execution?.approver ?? NOBODY}</dd>
    </dl>
    <nav aria-label="Sections">
      <ul>
        ${SECTIONS.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
      </ul>
    </nav>
  </header>`;
}

function limits({ limits: all }: Report): Markup {
  return html`<section id="limits" aria-labelledby="limits-title">
    <h2 id="limits-title">What this does not prove</h2>
    <ul>
      ${all.map((one) => html`<li>${one}</li>`)}
    </ul>
  </section>`;
}

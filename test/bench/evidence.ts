import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { renderCsv } from '../../lib/gate/formats/csv';
import { renderHtml } from '../../lib/gate/formats/html';
import { renderJson } from '../../lib/gate/formats/json';
import { renderMarkdown } from '../../lib/gate/formats/markdown';
import { renderOscal } from '../../lib/gate/formats/oscal';
import { type Pieces, writePieces } from '../../lib/gate/formats/pieces';
import { renderSarif } from '../../lib/gate/formats/sarif';
import { type Report, reportSchema } from '../../lib/gate/report/model';
import { TestBrowser } from '../support/browser';
import { printTable } from './measure';

const FINDINGS = 100_000;

/** The report with that many findings, each of a resource of its own. */
function enlarged(report: Report): Report {
  const [finding] = report.findings;
  const [resource] = report.resources;
  if (!finding || !resource) throw new Error('The report that is enlarged holds no finding.');
  const numbers = Array.from({ length: FINDINGS }, (_, index) => String(index).padStart(6, '0'));
  const at = (number: string): string => `${finding.environment}/Data/Bench${number}/Resource`;
  return {
    ...report,
    resources: numbers.map((number) => ({ ...resource, path: at(number), environment: finding.environment })),
    findings: numbers.map((number) => ({
      ...finding,
      id: `F-${number}`,
      resource: at(number),
      state: 'open',
    })),
  };
}

/**
 * Writes a report of a hundred thousand findings in every form, and opens its page in Chromium.
 * @param folder - evidence that is enlarged, as `npm run evidence` wrote it
 */
export async function benchEvidence(folder: string): Promise<void> {
  const text = fs.readFileSync(path.join(folder, 'report.json'), 'utf8');
  const report = enlarged(reportSchema.parse(JSON.parse(text)));
  const output = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-evidence-'));
  try {
    const rows: string[][] = [];
    let sum = 0;
    const form = (name: string, pieces: Pieces): string => {
      const begun = process.cpuUsage();
      const sha256 = writePieces(path.join(output, name), pieces);
      const { user, system } = process.cpuUsage(begun);
      sum += (user + system) / 1e6;
      const size = fs.statSync(path.join(output, name)).size;
      rows.push([
        ...[name, ((user + system) / 1e6).toFixed(2), sum.toFixed(2), (size / 1e6).toFixed(1)],
        (process.resourceUsage().maxRSS / 1_024).toFixed(0),
      ]);
      return sha256;
    };
    rows.push(['(the report in memory)', '', '', '', (process.resourceUsage().maxRSS / 1_024).toFixed(0)]);
    const sha256 = form('report.json', renderJson(report));
    form('report.html', renderHtml(report));
    form('summary.md', [renderMarkdown(report)]);
    for (const [name, pieces] of Object.entries(renderCsv(report))) form(name, pieces);
    form('findings.sarif', renderSarif(report));
    form('oscal-assessment-results.json', renderOscal(report, sha256));
    printTable(['form', 'seconds of a processor', 'so far, of 2', 'MB written', 'peak MB, of 300'], rows);
    await look(path.join(output, 'report.html'));
  } finally {
    fs.rmSync(output, { recursive: true });
  }
}

async function look(file: string): Promise<void> {
  const browser = await TestBrowser.start();
  try {
    const opened = performance.now();
    await browser.visit(file, {}, async (page) => {
      await page.locator('#findings-count', { hasText: `of ${FINDINGS} findings, page 1` }).waitFor();
      const usable = (performance.now() - opened) / 1_000;
      console.log(`page usable after ${usable.toFixed(2)} of 2 s`);
      const asked = performance.now();
      await page.fill('#findings [name=search]', 'bench099999');
      await page.locator('#findings-count', { hasText: /^1 of/ }).waitFor();
      console.log(`search answered after ${((performance.now() - asked) / 1_000).toFixed(2)} s`);
    });
  } finally {
    await browser.close();
  }
}

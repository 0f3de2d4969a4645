import * as path from 'node:path';
import { renderCsv } from '../formats/csv';
import { renderHtml } from '../formats/html';
import { renderJson } from '../formats/json';
import { renderMarkdown } from '../formats/markdown';
import { renderOscal } from '../formats/oscal';
import { type Pieces, writePieces } from '../formats/pieces';
import { renderSarif } from '../formats/sarif';
import { type Report, REPORT_FILE } from '../report/model';

/**
 * Writes every form of a report.
 *
 * @returns the names of the files
 */
export function writeForms(report: Report, folder: string): readonly string[] {
  const sha256 = writePieces(path.join(folder, REPORT_FILE), renderJson(report));
  const forms: Readonly<Record<string, Pieces>> = {
    'findings.sarif': renderSarif(report),
    'oscal-assessment-results.json': renderOscal(report, sha256),
    'report.html': renderHtml(report),
    'summary.md': [renderMarkdown(report)],
    ...renderCsv(report),
  };
  for (const [name, pieces] of Object.entries(forms)) writePieces(path.join(folder, name), pieces);
  return [REPORT_FILE, ...Object.keys(forms)];
}

import type { Report } from '../report/model';
import type { Pieces } from './pieces';
import { sourceTexts } from './source-texts';

/** Makes a spreadsheet read the file as UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';
/** What a spreadsheet takes for the beginning of a formula. Source: OWASP, "CSV Injection". */
const FORMULA = /^[=+\-@\t\r]/;
/** What stands in a table as it is, which nearly every cell does. */
const PLAIN = /^(?![=+\-@\t])[^",\r\n]*$/;

type Cell = string | number;

/**
 * The control ledger, the findings, the exceptions, reasons for wildcards, leave for changes and the map of health data as CSV (RFC 4180), by name of file. A cell that a spreadsheet would
 * take for a formula begins with an apostrophe.
 */
export function renderCsv(report: Report): Readonly<Record<string, Pieces>> {
  return {
    'controls.csv': table(
      [
        ...[
          'citation',
          'title',
          'designation',
          'responsibility',
          'owner',
          'cadence',
          'environment',
          'status',
        ],
        ...['because', 'open findings', 'exceptions', 'evidence', 'rules', 'checks', 'source'],
      ],
      report.controls.flatMap((control) =>
        Object.entries(control.statuses).map(([environment, { status, because, findings, exceptions }]) => [
          ...[control.citation, control.title, control.designation, control.responsibility, control.owner],
          ...[control.cadence, environment, status, because, findings, exceptions, control.evidence],
          ...[control.rules.join(' '), control.checks.join(' '), control.source],
        ]),
      ),
    ),
    'findings.csv': table(
      ['id', 'state', 'rule', 'part', 'environment', 'resource', 'source', 'detail', 'exception'],
      findingRows(report),
    ),
    'exceptions.csv': table(
      [
        ...['id', 'state', 'rule', 'environment', 'path', 'reason', 'compensating control', 'owner'],
        ...['approved by', 'ticket', 'expires', 'covers'],
      ],
      report.exceptions.map((exception) => [
        ...[exception.id, exception.state, exception.rule, exception.environment, exception.path],
        ...[exception.reason, exception.compensatingControl, exception.owner, exception.approvedBy],
        ...[exception.ticket, exception.expires, exception.covers.join(' ')],
      ]),
    ),
    'wildcards.csv': table(
      ['action', 'environment', 'path', 'reason', 'policies'],
      report.wildcards.map(({ action, environment, path, reason, covers }) => [
        ...[action, environment, path, reason, covers.join(' ')],
      ]),
    ),
    'waivers.csv': table(
      ['change', 'environment', 'path', 'reason', 'owner', 'approved by', 'ticket', 'expires'],
      report.waivers.map(({ change, environment, path, reason, owner, approvedBy, ticket, expires }) => [
        ...[change, environment, path, reason, owner, approvedBy, ticket, expires],
      ]),
    ),
    'health-data.csv': table(
      [
        ...['environment', 'class', 'store', 'path', 'type', 'key', 'rotation', 'kept', 'backup', 'right'],
        ...['who', 'how', 'condition', 'assumed by'],
      ],
      report.phi.stores.flatMap((store) => {
        const place = [store.environment, store.classification, store.name, store.path, store.type];
        const kept = [store.key, store.rotation, store.retention, store.backup];
        const people = [
          ...store.readers.map((one) => ['reads', one] as const),
          ...store.decryptors.map((one) => ['decrypts', one] as const),
        ];
        if (people.length === 0) return [[...place, ...kept, '', '', '', '', '']];
        return people.map(([right, { name, how, condition = '', assumedBy }]) => [
          ...[...place, ...kept, right, name, how, condition, assumedBy.join(' ')],
        ]);
      }),
    ),
  };
}

function* findingRows(report: Report): Iterable<readonly Cell[]> {
  const sources = sourceTexts(report);
  for (const { id, state, rule, part = '', environment, resource, detail, exception = '' } of report.findings)
    yield [id, state, rule, part, environment, resource, sources.get(resource) ?? '', detail, exception];
}

function* table(heads: readonly string[], rows: Iterable<readonly Cell[]>): Pieces {
  yield `${BYTE_ORDER_MARK}${line(heads)}`;
  for (const cells of rows) yield line(cells);
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: Cell): string {
  if (typeof value === 'string' && PLAIN.test(value)) return value;
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

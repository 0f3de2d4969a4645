import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { renderJson } from '../../../lib/gate/formats/json';
import { jsonPieces, Rows, writePieces } from '../../../lib/gate/formats/pieces';
import { cleanUp, evidenceOf, scratch } from '../evidence/support';
import { gatedApp, raw, stackIn } from '../support';
import { whole } from './support';

afterAll(cleanUp);

test('a value in pieces is the JSON that it is as a whole', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(whole(jsonPieces(value))).toBe(JSON.stringify(value));
    }),
  );
});

test('rows are made in their turn, and what is not there is left out', () => {
  const rows = [{ a: 1, b: undefined }, { c: [] }];
  expect(whole(jsonPieces({ rows: new Rows(rows), none: undefined }))).toBe(JSON.stringify({ rows }));
  expect(whole(jsonPieces({ rows: new Rows([]) }))).toBe('{"rows":[]}');
});

test('a file holds every piece in its order, and its hash is of its bytes', () => {
  const file = path.join(scratch(), 'form');
  const pieces = Array.from({ length: 20_000 }, (_, index) => `${index} \u00E9\u{1F600}\n`.repeat(3));
  const sha256 = writePieces(file, pieces);
  const bytes = fs.readFileSync(file);
  expect(bytes.toString('utf8')).toBe(pieces.join(''));
  expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test('the report is read back as it was, with one line for each finding', () => {
  const app = gatedApp();
  raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', {});
  const { report } = evidenceOf(app);
  const text = whole(renderJson(report));
  expect(JSON.parse(text)).toEqual(report);
  const lines = text.split('\n').map((line) => line.replace(/,$/, ''));
  expect(report.findings.filter((finding) => !lines.includes(JSON.stringify(finding)))).toEqual([]);
});

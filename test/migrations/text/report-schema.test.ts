import * as fs from 'node:fs';
import * as path from 'node:path';
import { reportJsonSchema, reportSchema } from '../../../lib/migrations/report-schema';
import { REPORTS } from './reports';

const PUBLISHED = path.resolve(__dirname, '../../../docs/migrations/report.schema.json');

test('the published schema is the one of the code', () => {
  const published = JSON.parse(fs.readFileSync(PUBLISHED, 'utf8')) as unknown;
  // To publish a change: npx tsx -e "console.log(JSON.stringify(require('./lib/migrations/report-schema').reportJsonSchema(), null, 2))"
  expect(published).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
});

test.each(Object.entries(REPORTS))(
  'a report of %s keeps to the schema, and not with a field more or less',
  (_name, report) => {
    expect(reportSchema.parse(report)).toEqual(report);
    expect(reportSchema.safeParse({ ...report, extra: 1 }).success).toBe(false);
    expect(reportSchema.safeParse({ ...report, problems: undefined }).success).toBe(false);
  },
);

import { manualEvidence, ManualRecordError, readManualRecord } from '../../../lib/gate/report/manual';

const CITATIONS = new Map([
  ['164.308(a)(8)', 'every year'],
  ['164.308(a)(1)(ii)(D)', 'every quarter'],
]);
const ITEM = `
  - id: evaluation
    title: Yearly evaluation
    controls: ['164.308(a)(8)']
    owner: security-officer
    due: '2027-01-31'
    link: Policy library
`;

/** Everything that is wrong with a record. */
function problems(text: string): readonly string[] {
  try {
    readManualRecord(text, CITATIONS);
    return [];
  } catch (error) {
    if (error instanceof ManualRecordError) return error.problems;
    throw error;
  }
}

test('a record is read, and shown in the order of its days', () => {
  const record = readManualRecord(
    `overdue: fail\nitems:${ITEM}${ITEM.replace('id: evaluation', 'id: earlier').replace('2027-01', '2026-01')}`,
    CITATIONS,
  );
  expect(record.overdue).toBe('fail');
  expect(manualEvidence(record, '2026-11-23').map(({ id, overdue }) => [id, overdue])).toEqual([
    ['earlier', true],
    ['evaluation', false],
  ]);
});

test('what is said to be done on a day that has not come is refused', () => {
  const record = readManualRecord(`overdue: fail\nitems:${ITEM}    done: '2026-11-24'\n`, CITATIONS);
  expect(() => manualEvidence(record, '2026-11-23')).toThrow(
    /evaluation: done is 2026-11-24, expected a day up to/,
  );
  expect(manualEvidence(record, '2026-11-24')).toHaveLength(1);
});

test('what was never done is due within a year', () => {
  const record = readManualRecord(`overdue: fail\nitems:${ITEM}`, CITATIONS);
  expect(manualEvidence(record, '2026-01-31')).toHaveLength(1);
  expect(() => manualEvidence(record, '2026-01-30')).toThrow(
    /evaluation: due is 2027-01-31, expected a day up to 2027-01-30: it was never done/,
  );
});

test('what is due within its cadence is taken', () => {
  expect(problems(`overdue: fail\nitems:${ITEM}    done: '2026-01-31'\n`)).toEqual([]);
});

test.each([
  ['164.308(a)(8)', '2026-01-30', '2027-01-30', 'every year'],
  ['164.308(a)(1)(ii)(D)', '2026-10-30', '2027-01-30', 'every quarter'],
])('what serves %s and was done on %s is due by %s', (citation, done, last, cadence) => {
  const item = ITEM.replace('164.308(a)(8)', citation);
  expect(problems(`overdue: fail\nitems:${item}    done: '${done}'\n`)).toEqual([
    `docs/compliance/manual-evidence.yaml, evaluation: due is 2027-01-31, expected a day up to ${last}: it was done on ${done}, and ${citation} is looked at ${cadence}.`,
  ]);
});

test.each([
  ['no YAML', 'overdue: [', /is no YAML/],
  ['nothing', '', /the file/],
  ['a switch that is not there', `overdue: perhaps\nitems:${ITEM}`, /overdue/],
  ['a day that is none', `overdue: fail\nitems:${ITEM.replace('01-31', '02-30')}`, /items\.0\.due/],
  ['two of one id', `overdue: fail\nitems:${ITEM}${ITEM}`, /ids that differ/],
  [
    'an unknown citation',
    `overdue: fail\nitems:${ITEM.replace('(8)', '(9)')}`,
    /there is no 164\.308\(a\)\(9\)/,
  ],
  ['done after due', `overdue: fail\nitems:${ITEM}    done: '2027-02-01'\n`, /done comes before due/],
  ['a field that is not there', `overdue: fail\nitems:${ITEM}    person: x\n`, /person/],
])('%s is refused in a sentence', (_, text, said) => {
  expect(problems(text).join('\n')).toMatch(said);
});

test('everything wrong is said at once', () => {
  expect(problems(`overdue: perhaps\nitems:${ITEM.replace('01-31', '02-30')}`)).toHaveLength(2);
});

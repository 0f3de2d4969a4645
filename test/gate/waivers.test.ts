import { App } from 'aws-cdk-lib';
import { renderCsv } from '../../lib/gate/formats/csv';
import { renderHtml } from '../../lib/gate/formats/html';
import { renderMarkdown } from '../../lib/gate/formats/markdown';
import { allowChange, applyGate } from '../../lib/gate';
import { verifyAssembly } from '../../lib/gate/verify';
import { WAIVERS } from '../../lib/release/guard/model';
import { reportOf } from './report/support';
import { gatedApp, ledgerOf, raw, refusal, stackIn } from './support';

const LEAVE = {
  change: 'replace',
  reason: 'The key of the group changes in a window that was announced to all',
  owner: 'platform-engineering',
  approvedBy: 'security-officer',
  ticket: 'REL-7',
  expires: '2027-11-23',
};

/** An application with one resource that no rule refuses. */
function appWith(note: (resource: ReturnType<typeof raw>) => void): App {
  const app = gatedApp();
  note(raw(stackIn(app), 'Group', 'AWS::XRay::Group', { GroupName: 'calls' }));
  return app;
}
const said = (app: App): string => refusal(app).replace(/\s+/g, ' ');
/** What the gate says of leave that was written past `allowChange`. */
const saidOf = (...leave: readonly unknown[]): string =>
  said(appWith((group) => group.addMetadata(WAIVERS, leave)));

test('leave up to a year ahead stands, is in the ledger and in every form that people read', () => {
  const app = appWith((group) => allowChange(group, LEAVE));
  const report = reportOf(app);
  expect(ledgerOf(app).waivers).toEqual([{ path: 'Dev/Data/Group', ...LEAVE }]);
  expect(report.waivers).toEqual([{ path: 'Dev/Data/Group', environment: 'Dev', ...LEAVE }]);
  expect(report.findings).toEqual([]);
  expect(renderMarkdown(report)).toContain(
    '| replace (until 2027-11-23) | Dev | Dev/Data/Group | answers: platform-engineering |',
  );
  expect([...(renderCsv(report)['waivers.csv'] ?? [])].join('')).toContain(
    'replace,Dev,Dev/Data/Group,The key of the group changes in a window that was announced to all,platform-engineering,security-officer,REL-7,2027-11-23',
  );
  expect([...renderHtml(report)].join('')).toContain('approved by security-officer, REL-7');
});

test.each<[string, string, Partial<typeof LEAVE>]>([
  ['WaiverExpired', 'expires "2026-11-22", expected 2026-11-23 or later', { expires: '2026-11-22' }],
  ['WaiverTooLong', 'expires "2027-11-24", expected 2027-11-23 or earlier', { expires: '2027-11-24' }],
])('%s: %s fails the synth', (name, words, changes) => {
  const app = appWith((group) => allowChange(group, { ...LEAVE, ...changes }));
  const refused = said(app);
  expect(refused).toContain(name);
  expect(refused).toContain(`Dev/Data/Group, leave for "replace": ${words}.`);
});

test.each<[string, unknown]>([
  ['expires: ', { ...LEAVE, expires: 'soon' }],
  ['ticket: ', { ...LEAVE, ticket: undefined }],
  ['Unrecognized key', { ...LEAVE, until: '2027-01-01' }],
  ['reason: "because" is shorter than 40 characters', { ...LEAVE, reason: 'because' }],
  ['"Platform-Engineering " is the owner too', { ...LEAVE, approvedBy: 'Platform-Engineering ' }],
  ['leave for no change: ', 'replace'],
])('leave that was written past allowChange is judged too: %s', (words, leave) => {
  const refused = saidOf(leave);
  expect(refused).toContain('WaiverInvalid');
  expect(refused).toContain(words);
});

test('one that is wrong beside one that holds is told alone, and only what has the form is listed', () => {
  const app = appWith((group) => group.addMetadata(WAIVERS, [LEAVE, 'replace']));
  expect(said(app).match(/leave for/g)).toHaveLength(1);
  expect(ledgerOf(app).waivers).toHaveLength(1);
});

test('leave that ended since the synth is refused by the verifier', () => {
  const app = appWith((group) => allowChange(group, { ...LEAVE, expires: '2026-11-30' }));
  app.synth();
  expect(verifyAssembly(app.outdir, '2026-11-30').problems).toEqual([]);
  expect(verifyAssembly(app.outdir, '2026-12-01').problems).toEqual([
    'The leave for "replace" at Dev/Data/Group ended on 2026-11-30: take it out.',
  ]);
});

test('the gate judges by a day that the calendar has', () => {
  for (const today of ['garbage', '2026-02-30', '2026-1-1', ''])
    expect(() => applyGate(new App(), { today })).toThrow(`"${today}", expected YYYY-MM-DD`);
});

import * as fc from 'fast-check';
import type { Review } from '../../lib/review/model';
import { reviewStack } from '../../lib/review/stacks';
import { LONGEST_SUMMARY, summaryOf } from '../../lib/review/summary';
import { reviewText } from '../../lib/review/text';

const role = (path: string, action: string) => ({
  Resources: {
    It: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] } }],
      },
      Metadata: { 'aws:cdk:path': path },
    },
  },
});
const broadened = (guarded: boolean, path = 'Prod/App/Api/Role') =>
  reviewStack(
    { stack: 'Prod-App', guarded, before: role(path, 's3:GetObject'), after: role(path, 's3:*') },
    { today: '2026-11-28', accounts: [] },
  );

const review = (more: Partial<Review> = {}): Review => ({
  schemaVersion: 1,
  ...{ environment: 'prod', account: '333333333333', owner: 'platform-engineering' },
  ...{ commit: 'b'.repeat(40), deployed: 'a'.repeat(40) },
  stacks: [],
  schema: { known: 'read', version: 3, askedRelease: 'older', pending: [], repeatables: [], problems: [] },
  compliance: {
    ...{ verdict: 'pass', open: [], ending: [], exceptions: 0 },
    ...{ unfit: [], since: `1.0.0 (${'a'.repeat(40)})`, changes: [] },
  },
  ...more,
});
const drop: Review['schema']['pending'][number] = {
  ...{ title: '0009_drop', phase: 'contract', reversible: 'no', destructive: true },
  ...{ statements: 1, locks: [], state: 'pending' },
};

test('the counts come first, then what weighs most', () => {
  const text = summaryOf(
    review({
      stacks: [broadened(true)],
      schema: { ...review().schema, pending: [drop] },
    }),
  );
  expect(text).toMatch(/^0 new, 1 changed, 0 made anew, 0 removed; 1 permission broader, 0 ways opened/);
  expect(text).toContain(
    '1 migration (1 contract, 1 loses data); HIPAA pass, 0 open findings, 0 changes since',
  );
  expect(text).toContain('Deploys bbbbbbbbbbbb over aaaaaaaaaaaa to prod (333333333333)');
  expect(text).toContain('The guard WILL REFUSE 1 change without leave.');
  expect(text.indexOf('0009_drop loses data.')).toBeLessThan(
    text.indexOf('Prod/App/Api/Role: It would newly'),
  );
  expect(text).toMatch(/allow s3:\* on \*\. The link has all of it\.$/);
});

test('what no guard judges is told to be the approver’s alone', () => {
  const asked = review({ stacks: [broadened(false)] });
  expect(summaryOf(asked)).toContain('1 change without leave in a first deployment that no guard judges');
  expect(summaryOf(asked)).not.toContain('WILL REFUSE');
  expect(reviewText(asked)).toContain('only the approver stops them');
  expect(reviewText(asked)).not.toContain('Refused:');
});

test('a first deployment and a missing earlier report say so', () => {
  const { deployed: _deployed, ...first } = review();
  const { since: _since, ...compliance } = first.compliance;
  const text = summaryOf({ ...first, compliance });
  expect(_since).toContain(_deployed);
  expect(text).toContain('FIRST DEPLOYMENT of prod');
  expect(text).toContain('no earlier report to compare with.');
  expect(reviewText({ ...first, compliance })).toContain('No release has left its evidence for this');
});

test('what changed in compliance is counted by kind in the line, and told in it and in the text', () => {
  const change = (kind: 'new' | 'broadened-access', text: string) => ({
    ...{ kind, environment: 'Prod', subject: 'Prod/App/Role', text },
  });
  const changes = [
    change('new', 'It is not encrypted.'),
    change('broadened-access', 'Role may now s3:PutObject.'),
    change('broadened-access', 'Role may now s3:DeleteObject.'),
  ];
  const asked = review({ compliance: { ...review().compliance, changes } });
  const text = summaryOf(asked);
  expect(text).toContain('3 changes (2 broadened-access, 1 new) since 1.0.0 (aaa');
  expect(text).toContain('broadened-access: Role may now s3:PutObject.');
  for (const { text: told } of changes) expect(reviewText(asked)).toContain(told);
  expect(reviewText(asked)).not.toContain('which is deployed');
  expect(reviewText({ ...asked, deployed: 'c'.repeat(40) })).toContain(`not \`${'c'.repeat(40)}\`, which`);
});

test('evidence of the last release that is not fit to compare with leads the line and stands in the text', () => {
  const { since: _since, ...compliance } = review().compliance;
  const unfit = ['The evidence 000007@abc is not whole: altered report.json: it was written again.'];
  expect(_since).toBeDefined();
  const asked = review({ compliance: { ...compliance, unfit } });
  expect(summaryOf(asked)).toMatch(
    /the EVIDENCE OF THE LAST RELEASE IS NOT FIT to compare with\..*000007@abc/,
  );
  expect(reviewText(asked)).toContain(unfit[0]);
  expect(reviewText(asked)).not.toContain('No release has left its evidence');
});

test('too much for one line is counted, and is whole in the text', () => {
  const paths = Array.from({ length: 400 }, (_, index) => `Prod/App/Role${index}${'x'.repeat(300)}`);
  const large = review({ stacks: paths.map((path) => broadened(true, path)) });
  const text = summaryOf(large);
  expect(text.length).toBeLessThanOrEqual(LONGEST_SUMMARY);
  const told = text.match(/It would newly|Prod\/App\/Role/g)?.length ?? 0;
  expect(told).toBeGreaterThan(0);
  expect(text).toMatch(/And \d+ more\. The link has all of it\.$/);
  const whole = reviewText(large);
  for (const path of paths) expect(whole).toContain(path);
});

test('whatever names and sentences hold, it is one printable line of 1,000 characters at most, without a variable', () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2000 }),
    fc.constant('#{codepipeline.X}\n$(id)'),
  );
  fc.assert(
    fc.property(words, words, fc.array(words, { maxLength: 20 }), (owner, path, open) => {
      const text = summaryOf(
        review({
          owner,
          stacks: [broadened(true, path)],
          compliance: { ...review().compliance, open, since: owner },
        }),
      );
      expect(text.length).toBeLessThanOrEqual(LONGEST_SUMMARY);
      expect(text).toMatch(/^[\x20-\x7e]+$/);
      expect(text).not.toContain('#{');
      expect(text).toMatch(/^0 new, 1 changed/);
    }),
  );
});

test('in the text nothing of a template ends its block of code', () => {
  const text = reviewText(review({ stacks: [broadened(true, '```\n# approved\n````')] }));
  const fences = text.split('\n').filter((line) => /^`{5,}/.test(line));
  expect(fences).toHaveLength(2);
});

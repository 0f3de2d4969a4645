import { dueText, exceptionsText } from '../../../bin/compliance/dates';
import { explain, notExplained } from '../../../bin/compliance/explain';
import { noResource, resourcesMeant, whyText } from '../../../bin/compliance/why';
import { accept } from '../../../lib/gate';
import type { Report } from '../../../lib/gate/report/model';
import { reportOf } from '../report/support';
import { ACCEPTANCE, gatedApp, raw, stackIn, TODAY } from '../support';

const RULE = 'TemplateSqsEncrypted';
let report: Report;

beforeAll(() => {
  const app = gatedApp();
  for (const stage of ['Dev', 'Prod'])
    accept(raw(stackIn(app, stage), 'Queue', 'AWS::SQS::Queue', {}), RULE, {
      ...ACCEPTANCE,
      expires: '2026-12-03',
    });
  raw(app.node.findChild('Dev').node.findChild('Data') as never, 'Topic', 'AWS::SNS::Topic', {});
  report = reportOf(app, {
    manual: {
      overdue: 'report',
      items: [
        {
          id: 'evaluation',
          title: 'Yearly evaluation',
          controls: ['164.308(a)(8)'],
          owner: 'security-officer',
          due: '2026-11-13',
          link: 'Policy library',
        },
      ],
    },
  });
});

test('exceptions are told once for each reason, with who answers and until when', () => {
  const text = exceptionsText(report, TODAY);
  expect(text).toContain('2 exceptions for 1 reasons');
  expect(text).toContain(`${RULE}  until 2026-12-03 (in 10 days)  HIPAA-12`);
  expect(text).toContain('platform-engineering, approved by security-officer; 2 places in Dev, Prod');
  expect(exceptionsText({ ...report, exceptions: [] }, TODAY)).toBe('There is no exception.');
});

test('what is due is told in the order of its days, what is overdue as such', () => {
  const lines = dueText(report, TODAY, 30).split('\n');
  expect(lines).toEqual([
    '2026-11-13  OVERDUE  10 days ago  evidence   Yearly evaluation (164.308(a)(8)): security-officer, never recorded',
    `2026-12-03  in 10 days  exception  ${RULE} at 2 places ends: platform-engineering, HIPAA-12`,
  ]);
  expect(dueText(report, TODAY, 5).split('\n')).toHaveLength(1);
  expect(dueText({ ...report, exceptions: [], manual: [] }, TODAY, 30)).toBe(
    `Nothing is due within 30 days of ${TODAY}.`,
  );
});

test('a rule is explained with its findings and the items that it serves', () => {
  const text = explain(report, RULE) ?? '';
  expect(text).toContain('Messages and dead letters may hold what patients sent.');
  expect(text).toContain('to mend: set encryptionMasterKey');
  expect(text).toContain('accepted: Dev/Data/Queue (HIPAA-12)');
  expect(text).toContain('164.312(a)(2)(iv)  Encryption and decryption');
  expect(explain(report, 'HIPAA.Security-S3BucketLoggingEnabled')).toContain(
    '164.308(a)(1)(ii)(D)  Information system activity review (by this platform’s judgement)',
  );
});

test('a rule over an environment is explained like any other, and a resource tells what it says of it', () => {
  expect(explain(report, 'TemplateServiceEligible')).toContain('164.308(b)(1)');
  const text = explain(report, 'TemplateNoInternetPathToStore') ?? '';
  expect(text).toContain('a store is open when routes, addresses, listeners and security groups together');
  expect(text).toContain('164.312(e)(1)');
  const [queue] = resourcesMeant(report, 'Prod/Data/Queue');
  expect(whyText(report, queue!)).toMatch(/TemplateNoInternetPathToStore/);
});

test('an item is explained in whatever way it is written', () => {
  for (const asked of [
    '164.312(a)(2)(iv)',
    '312(a)(2)(iv)',
    '45 CFR 164.312(a)(2)(iv)',
    '§ 164.312(A)(2)(IV)',
  ])
    expect(explain(report, asked)).toContain(
      'Dev: not met. 2 open findings of SNSEncryptedKMS, TemplateSnsEncrypted.',
    );
  expect(explain(report, '164.308(a)(8)')).toContain('recorded by people: evaluation, due 2026-11-13');
  expect(explain(report, '164.308(a)(1)(i)')).toContain('specifications: 164.308(a)(1)(ii)(A)');
});

test('what is not there is not made up, and what is near is named', () => {
  expect(explain(report, 'S3Bucket')).toBeUndefined();
  expect(notExplained(report, 's3bucketlog')).toEqual([
    'There is no rule and no citation "s3bucketlog", expected one such as S3BucketLoggingEnabled or 164.312(b).',
    'Near: S3BucketLoggingEnabled.',
    'All of them are told in docs/compliance/catalogue. To ask about a resource: npm run compliance -- why <resource>.',
  ]);
  expect(notExplained(report, 'nothing of the kind').join()).not.toContain('Near');
  expect(resourcesMeant(report, 'Dev/Data/Nothing')).toEqual([]);
});

test('who names no resource is told what may be named, and what is near', () => {
  expect(noResource(report, 'Topc')).toEqual([
    expect.stringMatching(/^There is no resource "Topc", .*, such as Dev\/Data\/Queue, Queue or Dev-Data\.$/),
    expect.stringContaining('npx cdk synth'),
  ]);
  expect(noResource(report, 'top')).toContain('Near: Dev/Data/Topic.');
});

test('a stack is meant by its name as the CDK lists it', () => {
  expect(resourcesMeant(report, 'Dev-Data').map(({ path }) => path)).toEqual([
    'Dev/Data/Queue',
    'Dev/Data/Topic',
  ]);
  const nested = {
    ...report,
    resources: report.resources.map((one) => ({ ...one, stack: `Pipeline/${one.stack}` })),
  };
  expect(resourcesMeant(nested, 'Prod-Data').map(({ path }) => path)).toEqual(['Prod/Data/Queue']);
  expect(resourcesMeant(report, 'v-Data')).toEqual([]);
});

test('a resource is found by its path, its logical id or the end of its path', () => {
  for (const asked of ['Dev/Data/Topic', 'Topic', 'Data/Topic'])
    expect(resourcesMeant(report, asked).map(({ path }) => path)).toEqual(['Dev/Data/Topic']);
  expect(resourcesMeant(report, 'Dev/Data').map(({ path }) => path)).toEqual([
    'Dev/Data/Queue',
    'Dev/Data/Topic',
  ]);
});

test('why a resource is as it is: what holds, what is open, what is accepted and until when', () => {
  const [topic, queue] = ['Dev/Data/Topic', 'Prod/Data/Queue'].map((path) => resourcesMeant(report, path)[0]);
  expect(whyText(report, topic!)).toContain(
    'open: TemplateSnsEncrypted\n    Properties.KmsMasterKeyId is absent',
  );
  expect(whyText(report, queue!)).toContain(
    `accepted: ${RULE}\n    until 2026-12-03, HIPAA-12, platform-engineering: `,
  );
});

import { type App, CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { explainWildcard } from '../../lib/gate';
import { renderCsv } from '../../lib/gate/formats/csv';
import { renderHtml } from '../../lib/gate/formats/html';
import { reportOf } from './report/support';
import { gatedApp, ledgerOf, refusal, stackIn } from './support';

const REASON = 'A meeting has no ARN before it is made';
const MEETING = { 'chime:CreateMeeting': REASON };

/** A managed policy that allows the actions on these resources. */
function policy(scope: Construct, Resource: unknown, ...Action: readonly string[]): CfnResource {
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Action, Resource }] };
  return new CfnResource(scope, 'Policy', {
    type: 'AWS::IAM::ManagedPolicy',
    properties: { PolicyDocument },
  });
}
const said = (app: App): string => refusal(app).replace(/\s+/g, ' ');

test('a reason that a policy needs is in the ledger, the report and every form that an officer reads', () => {
  const app = gatedApp();
  const group = new Construct(stackIn(app), 'Group');
  policy(group, '*', 'chime:CreateMeeting');
  explainWildcard(group, MEETING);
  const report = reportOf(app);
  const written = { path: 'Dev/Data/Group', action: 'chime:CreateMeeting', reason: REASON };
  expect(refusal(app)).toBe('');
  expect(ledgerOf(app).wildcards).toEqual([{ ...written, covers: ['Dev/Data/Group/Policy'] }]);
  expect(report.wildcards).toEqual([{ ...written, environment: 'Dev', covers: ['Dev/Data/Group/Policy'] }]);
  expect([...(renderCsv(report)['wildcards.csv'] ?? [])].join('')).toContain(
    `chime:CreateMeeting,Dev,Dev/Data/Group,${REASON},Dev/Data/Group/Policy`,
  );
  const [, section = ''] = [...renderHtml(report)].join('').split('<section id="wildcards"');
  const cells = section.split('</section>')[0]?.replace(/<[^>]*>|\s+/g, ' ');
  expect(cells).toMatch(new RegExp(`chime:CreateMeeting +${REASON} +Dev *: Data/Group `));
});

test.each<[string, unknown, readonly string[]]>([
  ['names its resources', 'arn:aws:chime::111111111111:meeting/1', ['chime:CreateMeeting']],
  ['allows another action', '*', ['xray:PutTraceSegments']],
  ['allows what AWS binds to no resource', '*', ['xray:PutTraceSegments', 'ec2:DescribeVpcs']],
])('a reason for a policy that %s is refused as unused', (_what, resource, actions) => {
  const app = gatedApp();
  const written = policy(stackIn(app), resource, ...actions);
  explainWildcard(written, actions.length > 1 ? { 'ec2:DescribeVpcs': REASON } : MEETING);
  expect(said(app)).toContain('WildcardReasonUnused');
  expect(said(app)).toMatch(
    /Dev\/Data\/Policy, reason for \S+ on every resource: no policy at it or directly in it allows it/,
  );
});

test('a reason holds for the policies that are direct parts of its place, whichever class they are of, and for none below', () => {
  const direct = gatedApp();
  const group = new Construct(stackIn(direct), 'Group');
  new iam.ManagedPolicy(group, 'Policy', {
    statements: [new iam.PolicyStatement({ actions: ['chime:CreateMeeting'], resources: ['*'] })],
  });
  explainWildcard(group, MEETING);
  expect(refusal(direct)).toBe('');

  const below = gatedApp();
  const outer = new Construct(stackIn(below), 'Outer');
  policy(new Construct(outer, 'Inner'), '*', 'chime:CreateMeeting');
  explainWildcard(outer, MEETING);
  expect(said(below)).toContain('TemplateIamNoWildcardResource');
  expect(said(below)).toContain('Dev/Data/Outer, reason for chime:CreateMeeting on every resource');
});

test('of two reasons at one policy the one that it does not need is told', () => {
  const app = gatedApp();
  explainWildcard(policy(stackIn(app), '*', 'chime:CreateMeeting'), { ...MEETING, 's3:GetObject': REASON });
  expect(said(app)).toContain('reason for s3:GetObject');
  expect(said(app)).not.toContain('reason for chime:CreateMeeting');
});

test('a reason that one environment needs stands in every other, and a part of them shows nothing', () => {
  const app = gatedApp();
  explainWildcard(policy(stackIn(app, 'Dev'), '*', 'chime:CreateMeeting'), MEETING);
  explainWildcard(policy(stackIn(app, 'Prod'), 'arn:aws:chime::1:x', 'chime:CreateMeeting'), MEETING);
  expect(refusal(app)).toBe('');
  const part = gatedApp(false);
  explainWildcard(policy(stackIn(part), 'arn:aws:chime::1:x', 'chime:CreateMeeting'), MEETING);
  expect(refusal(part)).toBe('');
});

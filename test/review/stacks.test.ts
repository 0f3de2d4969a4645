import { changesBetween } from '../../lib/review/differences';
import { reviewStack } from '../../lib/review/stacks';
import type { Resources } from '../../lib/release/guard/model';
import { WAIVERS } from '../../lib/release/guard/model';

const TODAY = '2026-11-28';

const bucket = (name: string, more: object = {}): Resources => ({
  Store: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name }, ...more },
});
const reader = (...actions: string[]): Resources => ({
  Reader: {
    Type: 'AWS::IAM::Role',
    Properties: {
      Policies: [
        {
          PolicyName: 'p',
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] },
        },
      ],
    },
    Metadata: { 'aws:cdk:path': 'Prod/App/Reader' },
  },
});
const group = (cidr: string): Resources => ({
  Group: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: cidr }] },
  },
});

function review(before: Resources | undefined, after: Resources) {
  return reviewStack(
    {
      stack: 'Prod-App',
      guarded: true,
      after: { Resources: after },
      ...(before && { before: { Resources: before } }),
    },
    { today: TODAY, accounts: [] },
  );
}
const found = (...of: Parameters<typeof review>) =>
  review(...of).judged.findings.map(({ kind, change }) => `${kind}: ${change}`);

test('the same template changes nothing', () => {
  expect(review(reader('s3:GetObject'), reader('s3:GetObject')).judged.changes).toEqual([]);
});

test('a permission more is told as the guard would', () => {
  expect(found(reader('s3:GetObject'), reader('s3:GetObject', 's3:DeleteObject'))).toEqual([
    'iam: allow s3:DeleteObject on *',
  ]);
  expect(found(reader('s3:GetObject', 's3:DeleteObject'), reader('s3:GetObject'))).toEqual([]);
});

test('a way that opens is told', () => {
  expect(found(group('10.0.0.0/16'), group('0.0.0.0/0'))).toEqual([
    'network: open ingress tcp 443 from 0.0.0.0/0',
  ]);
});

test('a store of data that is made anew is told with what becomes of the old one', () => {
  const [change] = changesBetween({ Resources: bucket('a') }, { Resources: bucket('b') });
  expect(change).toMatchObject({
    ...{ action: 'Modify', id: 'Store', replacement: 'True', policy: 'Delete', properties: ['BucketName'] },
  });
  expect(found(bucket('a'), bucket('b'))).toEqual(['data: replace']);
  const kept = review(bucket('a', { UpdateReplacePolicy: 'Retain' }), bucket('b'));
  expect(kept.judged.findings[0]?.words).toContain('left behind');
});

test('a store of data that leaves is told, whatever its policy', () => {
  expect(found(bucket('a'), {})).toEqual(['data: delete']);
  expect(found(bucket('a', { DeletionPolicy: 'Retain' }), {})).toEqual(['data: delete']);
});

test('what refers to something that is made anew may be made anew as well', () => {
  const policy: Resources = {
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Store' }, PolicyDocument: { Statement: [] } },
    },
  };
  expect(
    changesBetween(
      { Resources: { ...bucket('a'), ...policy } },
      { Resources: { ...bucket('b'), ...policy } },
    ),
  ).toContainEqual(expect.objectContaining({ id: 'Policy', action: 'Modify', replacement: 'True' }));
});

test('metadata alone is no change, and leave beside a resource allows one', () => {
  const metadata = { Metadata: { 'aws:cdk:path': 'elsewhere' } };
  expect(review(bucket('a'), bucket('a', metadata)).judged.changes).toEqual([]);
  const leave = {
    [WAIVERS]: [
      {
        ...{ change: 'replace', reason: 'planned', owner: 'platform', approvedBy: 'security-officer' },
        ...{ ticket: 'REL-1', expires: '2026-12-31' },
      },
    ],
  };
  const report = review(bucket('a'), bucket('b', { Metadata: leave })).judged;
  expect(report.passed).toBe(true);
  expect(report.findings[0]?.waiver?.ticket).toBe('REL-1');
});

test('on its first deployment everything is new', () => {
  const first = review(undefined, { ...bucket('a'), ...group('0.0.0.0/0'), ...reader('s3:GetObject') });
  expect(first.deployed).toBe(false);
  expect(first.judged.changes.map(({ action }) => action)).toEqual(['Add', 'Add', 'Add']);
  expect(first.judged.findings.map(({ change }) => change)).toEqual(['open ingress tcp 443 from 0.0.0.0/0']);
});

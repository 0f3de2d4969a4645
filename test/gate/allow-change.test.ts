import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allowChange } from '../../lib/gate';
import { judge } from '../../lib/release/guard/judge';
import type { ChangeSet, Resources } from '../../lib/release/guard/model';
import { testApp } from '../support/app';

const LEAVE = {
  change: 'replace',
  reason: 'The parameter group moves to the next major version in a window that was announced',
  owner: 'platform-engineering',
  approvedBy: 'security-officer',
  ticket: 'REL-7',
  expires: '2030-06-30',
};

let stack: Stack;
beforeEach(() => {
  stack = new Stack(testApp(), 'Data');
});

/** The change set in which the only resource of the stack is made anew. */
function replacement(): ChangeSet {
  const after = Template.fromStack(stack).toJSON()['Resources'] as Resources;
  const [id = ''] = Object.keys(after);
  const type = after[id]?.Type ?? '';
  return {
    ...{ stack: 'Data', name: 'PipelineChange', before: after, after },
    changes: [{ action: 'Modify', id, type, replacement: 'True', properties: ['KmsKeyId'] }],
  };
}

function cluster(): rds.CfnDBCluster {
  return new rds.CfnDBCluster(stack, 'Cluster', { engine: 'aurora-postgresql' });
}

test('without leave the guard refuses, with it the change goes through until its last day', () => {
  cluster();
  expect(judge(replacement(), { today: '2030-06-01', accounts: [] }).passed).toBe(false);
  stack = new Stack(testApp(), 'Data');
  allowChange(cluster(), LEAVE);
  const set = replacement();
  expect(judge(set, { today: '2030-06-30', accounts: [] })).toMatchObject({ passed: true, badWaivers: [] });
  expect(judge(set, { today: '2030-07-01', accounts: [] }).passed).toBe(false);
});

test('leave for one change is none for another', () => {
  allowChange(cluster(), { ...LEAVE, change: 'delete' });
  expect(judge(replacement(), { today: '2030-06-01', accounts: [] }).passed).toBe(false);
});

test('several stand beside each other, on the resource of a construct', () => {
  const queue = new sqs.Queue(stack, 'Queue');
  allowChange(queue, LEAVE);
  allowChange(queue, { ...LEAVE, change: 'delete' });
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::SQS::Queue'));
  expect(resource?.['Metadata']).toMatchObject({
    'telehealth:release-waivers': [LEAVE, { ...LEAVE, change: 'delete' }],
  });
});

test('everything that is wrong is told at once, with the place', () => {
  const wrong = { ...LEAVE, reason: 'because', approvedBy: LEAVE.owner, expires: 'never', ticket: '' };
  expect(() => allowChange(new Construct(stack, 'Thing'), wrong)).toThrow(
    /^allowChange on Data\/Thing: .*ticket: .*expires: .*reason: "because" is shorter.*approvedBy: .*owner too.*beside no resource/,
  );
});

test('the same change twice is refused', () => {
  const resource = cluster();
  allowChange(resource, LEAVE);
  expect(() => allowChange(resource, LEAVE)).toThrow('has its leave already');
});

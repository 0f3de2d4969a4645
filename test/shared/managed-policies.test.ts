import { Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { useManagedPolicies } from '../../lib/shared/managed-policies';
import { testApp } from '../support/app';

test('what grants write becomes a managed policy of the same name, and what waits for it still does', () => {
  const stage = new Stage(testApp(), 'Stage');
  useManagedPolicies(stage);
  const stack = new Stack(stage, 'Stack');
  const assumedBy = new iam.ServicePrincipal('lambda.amazonaws.com');
  const role = new iam.Role(stack, 'Role', { assumedBy });
  const queue = new sqs.Queue(stack, 'Queue');
  new sqs.Queue(stack, 'Waits').node.addDependency(queue.grantSendMessages(role));
  new iam.Policy(stack, 'Unused', { roles: [new iam.Role(stack, 'Idle', { assumedBy })] });

  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::Policy', 0);
  const policies = template.findResources('AWS::IAM::ManagedPolicy');
  expect(Object.keys(policies)).toEqual(['RoleDefaultPolicy5FFB7DAB']);
  expect(JSON.stringify(policies)).toContain('sqs:SendMessage');
  template.hasResource('AWS::SQS::Queue', { DependsOn: ['RoleDefaultPolicy5FFB7DAB'] });
});

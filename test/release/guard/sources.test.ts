import type { TemplateResource } from '../../../lib/release/guard/model';
import { change, findings, modified } from '../support/change-sets';

const RULE = { 'Fn::GetAtt': ['Rule', 'Arn'] };
const permission = (more: object = {}): TemplateResource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    ...{ FunctionName: { Ref: 'Api' }, Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' },
    ...more,
  },
});
const queue = (Condition?: object, Queues: unknown = [{ Ref: 'Dead' }]): TemplateResource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues,
    PolicyDocument: {
      Statement: {
        ...{
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: '*',
        },
        ...(Condition && { Condition }),
      },
    },
  },
});
const from = (key: string, value: unknown = RULE, operator = 'ArnEquals') => ({
  [operator]: { [key]: value },
});
const INVOKE = 'allow lambda:InvokeFunction to events.amazonaws.com';
const SEND = 'allow sqs:SendMessage on * to Service sns.amazonaws.com';

/** What is found where one policy goes and another comes, as a new logical id has it. */
const renamed = (was: TemplateResource, is: TemplateResource) => {
  const there = { Api: { Type: 'AWS::Lambda::Function' }, Dead: { Type: 'AWS::SQS::Queue' } };
  return findings(
    [change({ id: 'Old', type: was.Type, action: 'Remove' }), change({ type: is.Type, action: 'Add' })],
    { ...there, Old: was },
    { ...there, It: is },
  );
};

test.each([
  ['SourceArn', permission({ SourceArn: RULE }), permission(), INVOKE],
  [
    'SourceAccount',
    permission({ SourceArn: RULE, SourceAccount: '111122223333' }),
    permission({ SourceArn: RULE }),
    `${INVOKE} if {"SourceArn":{"Fn::GetAtt":["Rule","Arn"]}}`,
  ],
  ['aws:SourceArn', queue(from('aws:SourceArn')), queue(), SEND],
  ['AWS:SourceAccount', queue(from('AWS:SourceAccount', '1', 'StringEquals')), queue(), SEND],
  [
    'a source that is anything',
    queue(from('aws:SourceArn')),
    queue(from('aws:SourceArn', 'arn:*', 'ArnLike')),
    `${SEND} if {"ArnLike":{"aws:SourceArn":"arn:*"}}`,
  ],
  [
    'a source that may be absent',
    queue(from('aws:SourceArn')),
    queue(from('aws:SourceArn', RULE, 'ArnEqualsIfExists')),
    `${SEND} if {"ArnEqualsIfExists":{"aws:SourceArn":{"Fn::GetAtt":["Rule","Arn"]}}}`,
  ],
])('a service without its %s needs leave, in its place and under another name', (_what, was, is, words) => {
  expect(modified(was, is)).toEqual([words]);
  expect(renamed(was, is)).toEqual([words]);
  expect(renamed(is, was)).toEqual([]);
});

test('a source more needs none', () => {
  expect(modified(permission(), permission({ SourceArn: RULE }))).toEqual([]);
  expect(
    modified(permission({ SourceArn: RULE }), permission({ SourceArn: RULE, SourceAccount: '111122223333' })),
  ).toEqual([]);
  const account = from('aws:SourceAccount', '111122223333', 'StringEquals');
  expect(modified(queue(account), queue({ ...account, ...from('aws:SourceArn') }))).toEqual([]);
});

test('under another name, another source or another queue needs none', () => {
  expect(
    renamed(permission({ SourceArn: RULE }), permission({ SourceArn: 'arn:aws:events:::rule/b' })),
  ).toEqual([]);
  expect(renamed(queue(from('aws:SourceArn')), queue(undefined, [{ Ref: 'Another' }]))).toEqual([]);
  expect(
    renamed(permission({ SourceArn: RULE }), permission({ Principal: 'cognito-idp.amazonaws.com' })),
  ).toEqual([]);
});

test('a function URL that asks nobody who they are needs leave', () => {
  const url = (FunctionUrlAuthType: string) =>
    permission({ Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType });
  expect(modified(url('AWS_IAM'), url('NONE'))).toHaveLength(1);
  expect(modified(url('AWS_IAM'), url('AWS_IAM'))).toEqual([]);
});

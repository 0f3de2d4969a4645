import type { Template } from 'aws-cdk-lib/assertions';
import { platformTemplate } from '../support/platform';

interface Alarm {
  readonly Properties: { readonly Namespace?: string; readonly TreatMissingData?: string };
}

const data = platformTemplate('Pipeline/Prod/Data');
const video = platformTemplate('Pipeline/Prod/Video');
const [gate] = Object.values(
  platformTemplate('Pipeline/Prod/App').findResources('AWS::Lambda::Function', {
    Properties: { Description: 'The last gate before a new version of the API has public traffic' },
  }),
) as { Properties: { Environment: { Variables: Record<string, unknown> } } }[];
const variables = gate?.Properties.Environment.Variables ?? {};
const alarmsOf = (template: Template, namespace: string) =>
  Object.entries(template.findResources('AWS::CloudWatch::Alarm') as Record<string, Alarm>).filter(
    ([, { Properties }]) => Properties.Namespace === namespace,
  );

test('the last gate looks at every alarm of the database, by reference', () => {
  const asked = JSON.stringify(variables['ALARMS']);
  const ids = alarmsOf(data, 'AWS/RDS').map(([id]) => id);
  expect(ids).toHaveLength(5);
  for (const id of ids) expect(asked).toMatch(new RegExp(`ExportsOutputRef${id}`));
});

test('the last gate looks at the queues of the Video stack, whose alarms’ names CloudFormation starts with its own', () => {
  expect(variables['QUEUE_ALARMS']).toBe('Prod-Video-');
  const queues = alarmsOf(video, 'AWS/SQS');
  expect(queues.length).toBeGreaterThanOrEqual(2);
  for (const [, { Properties }] of queues) expect(Properties).not.toHaveProperty('AlarmName');
});

test('each of them takes missing data as well: a queue that nothing was ever in stops no release', () => {
  for (const [, { Properties }] of [...alarmsOf(data, 'AWS/RDS'), ...alarmsOf(video, 'AWS/SQS')])
    expect(Properties.TreatMissingData).toBe('notBreaching');
});

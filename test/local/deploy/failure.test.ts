import { DeploymentError } from '../../../lib/local/deploy';

test('a failed deployment names the resource and the reason', () => {
  const failure = {
    stack: 'Local-App',
    resource: 'Service',
    type: 'AWS::ECS::Service',
    reason: 'no such role',
  };
  expect(new DeploymentError([failure], 'noise').message).toBe(
    [
      'The deployment failed:',
      '  Local-App / Service (AWS::ECS::Service)',
      '    no such role',
      'Mend the cause and start again: what was made so far is updated in place.',
    ].join('\n'),
  );
});

test('without a failed resource, the end of what the CDK printed is shown', () => {
  const output = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
  const { message } = new DeploymentError([], output);
  expect(message).toContain('line 39');
  expect(message).not.toContain('line 10');
});

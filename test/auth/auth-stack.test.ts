import { Template } from 'aws-cdk-lib/assertions';
import { testEnvironment } from '../support/app';
import { authStack } from './support';

test('thin', () => {
  const t = Template.fromStack(authStack(testEnvironment()));
  t.resourceCountIs('AWS::Lambda::Function', 3);
});

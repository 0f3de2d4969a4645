import { NetworkStack } from '../../lib/network/network-stack';
import { testApp, testEnvironment } from '../support/app';
import { normalisedTemplate } from '../support/snapshot';

test('the stack is what it was', () => {
  const stack = new NetworkStack(testApp(), 'Network', { environment: testEnvironment() });
  expect(normalisedTemplate(stack)).toMatchSnapshot();
});

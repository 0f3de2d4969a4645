import { DataStack } from '../../lib/data/data-stack';
import { NetworkStack } from '../../lib/network/network-stack';
import { testApp, testEnvironment } from '../support/app';
import { normalisedTemplate } from '../support/snapshot';

test('the stack is what it was', () => {
  const app = testApp();
  const environment = testEnvironment();
  const network = new NetworkStack(app, 'Network', { environment });
  const stack = new DataStack(app, 'Data', { environment, network, operations: network.operations });
  expect(normalisedTemplate(stack)).toMatchSnapshot();
});

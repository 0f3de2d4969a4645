import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { NetworkStack } from '../../lib/network/network-stack';
import { testApp } from '../support/app';
import { assertionStack, sandbox } from './environment';

const app = testApp({ treeMetadata: false });
const environment = sandbox();
const network = new NetworkStack(app, 'IntegNetwork', { environment });
const test = new IntegTest(app, 'Network', {
  testCases: [network],
  assertionStack: assertionStack(app, environment),
});

/** What nobody asked for is closed: the VPC's default group lets nothing in. */
test.assertions
  .awsApiCall('EC2', 'describeSecurityGroups', {
    Filters: [
      { Name: 'vpc-id', Values: [network.vpc.vpcId] },
      { Name: 'group-name', Values: ['default'] },
    ],
  })
  .expect(
    ExpectedResult.objectLike({
      SecurityGroups: [Match.objectLike({ IpPermissions: [], IpPermissionsEgress: [] })],
    }),
  );

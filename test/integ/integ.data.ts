import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DataStack } from '../../lib/data/data-stack';
import { NetworkStack } from '../../lib/network/network-stack';
import { testApp } from '../support/app';
import { assertionStack, sandbox } from './environment';

const app = testApp({ treeMetadata: false });
const environment = sandbox();
const network = new NetworkStack(app, 'IntegDataNetwork', { environment });
const data = new DataStack(app, 'IntegData', {
  environment,
  network,
  operations: network.operations,
  commit: '0'.repeat(40),
});
// The one difference to what is deployed elsewhere: the runner takes the cluster away again.
for (const child of data.node.findAll())
  if (child instanceof rds.CfnDBCluster) child.deletionProtection = false;

const test = new IntegTest(app, 'Data', {
  testCases: [network, data],
  assertionStack: assertionStack(app, environment),
});
test.assertions
  .awsApiCall('RDS', 'describeDBClusters', { DBClusterIdentifier: data.database.clusterIdentifier })
  .expect(
    ExpectedResult.objectLike({
      DBClusters: [
        Match.objectLike({
          Status: 'available',
          StorageEncrypted: true,
          IAMDatabaseAuthenticationEnabled: true,
        }),
      ],
    }),
  );
test.assertions
  .awsApiCall('DynamoDB', 'describeContinuousBackups', { TableName: data.tables.auditEvents.tableName })
  .expect(
    ExpectedResult.objectLike({
      ContinuousBackupsDescription: {
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
      },
    }),
  );

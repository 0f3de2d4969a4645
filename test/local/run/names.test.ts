import { Template } from 'aws-cdk-lib/assertions';
import { DATABASE, PLACE } from '../../../lib/local/run/start';
import { dataOf } from '../../data/stacks';
import { configuredEnvironment } from '../../support/app';

const environment = configuredEnvironment('local');
const data = dataOf(environment);

test('the local run starts PostgreSQL with the names that the Data stack gives', () => {
  Template.fromStack(data).hasResourceProperties('AWS::RDS::DBCluster', {
    MasterUsername: DATABASE.masterUser,
    DatabaseName: DATABASE.databaseName,
  });
  const { apiUser, migratorUser } = data.database;
  expect({ apiUser, migratorUser }).toEqual({
    apiUser: DATABASE.apiUser,
    migratorUser: DATABASE.migratorUser,
  });
});

test('the local run deploys to the account and region that are configured', () => {
  expect(environment).toMatchObject(PLACE);
});

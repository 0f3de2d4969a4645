import { resourcesOf, platformStacks } from './assembly';

/** What loses data, or people, when CloudFormation replaces it. */
const STATEFUL = [
  'AWS::Backup::BackupVault',
  'AWS::Cognito::UserPool',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::ECR::Repository',
  'AWS::KMS::Key',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
];

/**
 * A changed logical id makes CloudFormation create a new, empty resource and delete or abandon the old one. When this
 * snapshot changes, the construct tree changed above something stateful: put it back, or plan the move of the data.
 */
test('the stateful resources of production have the logical ids that they always had', () => {
  const production = platformStacks().filter(({ path }) => path.includes('Prod'));
  const ids = resourcesOf(production, ...STATEFUL).map(
    ({ stack, Type, logicalId }) => `${stack.path.split('/').pop() ?? ''} ${Type} ${logicalId}`,
  );
  expect(ids.sort()).toMatchSnapshot();
});

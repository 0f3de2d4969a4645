/**
 * Outputs of the app stack that a release is made from. Constants only: the stack writes them, the tools read them, and
 * neither needs the other.
 */
export const RELEASE_OUTPUTS = {
  /** Name of the CodeDeploy application. */
  application: 'ReleaseApplication',
  /** Name of the CodeDeploy deployment group. */
  group: 'ReleaseGroup',
  /** Name of the ECS cluster. */
  cluster: 'ReleaseCluster',
  /** Name of the ECS service. */
  service: 'ReleaseService',
  /** ARN of the task definition's revision that the template registered. */
  taskDefinition: 'ReleaseTaskDefinition',
  /** Name of the container that takes the traffic. */
  container: 'ReleaseContainer',
  /** Port of that container. */
  port: 'ReleasePort',
  /** ARN of the function that tests the new version before it has public traffic. */
  testTrafficHook: 'ReleaseTestTrafficHook',
  /** ARN of the function that is the last gate before public traffic. */
  trafficHook: 'ReleaseTrafficHook',
  /** ARN of the function that tests the new version once it has all public traffic. */
  publicTrafficHook: 'ReleasePublicTrafficHook',
  /** `https://` base of the public traffic. */
  url: 'ApiUrl',
  /** Name of the function that signs in the person that releases are tried as. */
  signIn: 'ReleaseSignIn',
  /** Name of the table that holds a record of each release. */
  table: 'ReleasesTable',
  /** Name of the event bus that tells of each release. */
  bus: 'ReleaseBus',
  /** The commit that the template was made from. */
  version: 'ReleaseVersion',
} as const;

import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as iam from 'aws-cdk-lib/aws-iam';

/** Who may do what, as the other stacks see it. */
export interface Auth {
  /** The people. */
  readonly userPool: cognito.IUserPool;
  /** The client of the web front end; public, without a secret. */
  readonly webClient: cognito.IUserPoolClient;
  /** The client of scripts and tests that act for a person through the API. */
  readonly apiClient: cognito.IUserPoolClient;
  /**
   * The role that the API's tasks run as. It stands here, before data, app and video grant it anything,
   * so that App and Video can be deployed side by side.
   */
  readonly apiRole: iam.IRole;
}

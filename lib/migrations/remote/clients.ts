import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { STSClient } from '@aws-sdk/client-sts';

/** Keys that AWS takes, until a moment. */
export interface Credentials {
  /** Names the key. */
  readonly accessKeyId: string;
  /** The key. */
  readonly secretAccessKey: string;
  /** Goes with temporary keys. */
  readonly sessionToken?: string;
  /** When they end. */
  readonly expiration?: Date;
}

/** Where AWS answers and as whom to ask. */
export interface AwsAccess {
  /** Region of the environment. */
  readonly region: string;
  /**
   * Where AWS answers.
   * @default - at its own addresses, or where AWS_ENDPOINT_URL says
   */
  readonly endpoint?: string;
  /**
   * Keys, or how to get them anew.
   * @default - what the SDK finds: variables, profile, role
   */
  readonly credentials?: Credentials | (() => Promise<Credentials>);
}

/** The services that a run over the network speaks to. */
export interface AwsClients {
  /** Finds what was deployed. */
  readonly cloudFormation: CloudFormationClient;
  /** Sees which releases have tasks. */
  readonly ecs: ECSClient;
  /** Calls the functions; never tries a call again by itself, since it cannot know whether the first one runs. */
  readonly lambda: LambdaClient;
  /** Takes snapshots. */
  readonly rds: RDSClient;
  /** Tells who asks. */
  readonly sts: STSClient;
}

/** Longest that a call of a function may take, in milliseconds: Lambda's own 15 minutes, and a little. */
const CALL_MS = 15 * 60_000 + 30_000;

/** Makes the clients of an environment. */
export function awsClients(access: AwsAccess): AwsClients {
  return {
    cloudFormation: new CloudFormationClient({ ...access }),
    ecs: new ECSClient({ ...access }),
    lambda: new LambdaClient({
      ...access,
      maxAttempts: 1,
      requestHandler: { requestTimeout: CALL_MS, connectionTimeout: 10_000, throwOnRequestTimeout: true },
    }),
    rds: new RDSClient({ ...access }),
    sts: new STSClient({ ...access }),
  };
}

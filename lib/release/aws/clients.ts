import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';

/** Which account and region; addresses come from the environment, as the SDK reads it. */
export interface ReleaseAccess {
  /** Region of the environment. */
  readonly region: string;
  /**
   * Gets keys anew whenever the old ones are near their end.
   * @default - what the SDK finds: variables, profile, role
   */
  readonly credentials?: () => Promise<{
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
    readonly expiration?: Date;
  }>;
}

/** The services that a release speaks to. */
export interface ReleaseClients {
  /** Tells what was deployed. */
  readonly cloudFormation: CloudFormationClient;
  /** Moves the traffic. */
  readonly codeDeploy: CodeDeployClient;
  /** Tells what runs. */
  readonly ecs: ECSClient;
  /** Tells whether an image is there and sound. */
  readonly ecr: ECRClient;
  /** Tells of alarms, takes metrics. */
  readonly cloudWatch: CloudWatchClient;
  /** Keeps the records. */
  readonly dynamoDb: DynamoDBClient;
  /** Tells others of them. */
  readonly eventBridge: EventBridgeClient;
}

/** Makes the clients. None tries again by itself: `persist` does, so that waits are told and can be ended. */
export function releaseClients(access: ReleaseAccess): ReleaseClients {
  const options = {
    ...access,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  };
  return {
    cloudFormation: new CloudFormationClient(options),
    codeDeploy: new CodeDeployClient(options),
    ecs: new ECSClient(options),
    ecr: new ECRClient(options),
    cloudWatch: new CloudWatchClient(options),
    dynamoDb: new DynamoDBClient(options),
    eventBridge: new EventBridgeClient(options),
  };
}

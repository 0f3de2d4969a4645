import type { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Credentials } from '../migrations/remote/clients';
import { assumedRole } from '../migrations/remote/role';
import type { Patience } from './aws/persist';
import { Refused } from './errors';
import { hasDeployed, type PipelinePlace, readStage } from './pipeline-state';

/** Whom a step of the pipeline becomes in an environment's account, and where it stands itself. */
export interface CallerOptions {
  /** ARN of a role that the environment's network stack makes. */
  readonly roleArn: string;
  /** Name of the session. */
  readonly session: string;
  /** The stage that the step belongs to. */
  readonly place: PipelinePlace;
  /** Gives the role. */
  readonly sts: STSClient;
  /** Knows the stage. */
  readonly codePipeline: CodePipelineClient;
  /** Time, and whom to tell how it goes. */
  readonly patience: Patience;
}

/**
 * Takes a caller's role. AWS answers the same for a role that is not there and for one that lets nobody in; the pipeline
 * knows which, since the role comes with the first stack of the stage.
 * @returns what the SDK's clients take as `credentials`; undefined before the first deployment of the stage
 * @throws Refused when the role cannot be taken although something of the stage was deployed
 */
export async function takeCaller(options: CallerOptions): Promise<(() => Promise<Credentials>) | undefined> {
  const { roleArn, session, place, sts, codePipeline, patience } = options;
  const credentials = assumedRole(sts, roleArn, session);
  try {
    await credentials();
    return credentials;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AccessDenied') throw error;
    if (!hasDeployed(await readStage(codePipeline, place, patience))) return undefined;
    throw new Refused(
      `The role ${roleArn} cannot be taken, and the stage ${place.stage} has been deployed: deploy its network stack of this commit once by hand (npx cdk deploy), which makes the role, or put its trust right. AWS said: ${error.message}`,
    );
  }
}

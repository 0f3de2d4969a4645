import {
  CodeDeployClient,
  GetDeploymentCommand,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import * as z from 'zod';
import { type DeploymentWords, readDescription } from '../../lib/release/description';
import { EnvironmentError } from './environment';
import { type LambdaHandler, logger, traced, tracer } from './telemetry';

/** What CodeDeploy sends to a hook: two ids and nothing else. Source: CodeDeploy user guide, "AppSpec 'hooks' section". */
const hookEvent = z.object({
  DeploymentId: z.string().min(1),
  LifecycleEventHookExecutionId: z.string().min(1),
});

/** Kept back from the function's time to report: without a report CodeDeploy waits for an hour. */
const REPORT_MS = 10_000;

/** What a hook judges. */
export interface HookInput {
  /** The commit that the new version has to tell as its own. */
  readonly commit: string;
  /** Aborted when there is no time left. */
  readonly signal: AbortSignal;
}

/**
 * Says everything that speaks against the new version, in words; an empty list lets it pass. It reads its variables itself:
 * where that fails while the module is loaded nobody tells CodeDeploy.
 */
export type HookCheck = (input: HookInput) => Promise<readonly string[]>;

const codeDeploy = tracer.captureAWSv3Client(new CodeDeployClient());

/**
 * A hook of a deployment: judges the new version and tells CodeDeploy. It always tells something, also when the check
 * crashes or runs out of time; only when CodeDeploy cannot be told does it fail, and its alarm says so.
 */
export function releaseHook(check: HookCheck): LambdaHandler<unknown, void> {
  return traced(async (event, context) => {
    const { DeploymentId: deploymentId, LifecycleEventHookExecutionId } = hookEvent.parse(event);
    const milliseconds = Math.max(1_000, context.getRemainingTimeInMillis() - REPORT_MS);
    const problems = await judged(check, deploymentId, milliseconds);
    const status = problems.length === 0 ? 'Succeeded' : 'Failed';
    logger.info('judged', { deploymentId, status, problems });
    await codeDeploy.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId,
        lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
        status,
      }),
    );
  });
}

async function judged(
  check: HookCheck,
  deploymentId: string,
  milliseconds: number,
): Promise<readonly string[]> {
  const signal = AbortSignal.timeout(milliseconds);
  const late = new Promise<readonly string[]>((resolve) => {
    signal.addEventListener('abort', () =>
      resolve([`the check did not end within ${Math.round(milliseconds / 1000)} s`]),
    );
  });
  try {
    return await Promise.race([wordsOf(deploymentId).then(({ commit }) => check({ commit, signal })), late]);
  } catch (error) {
    if (error instanceof EnvironmentError) return [error.message];
    // The name alone: a message could hold what an answer said of a person.
    return [`the check itself broke: ${(error as { readonly name?: string }).name ?? 'unknown'}`];
  }
}

/** What the deployment says of itself: its hooks are called with its id and nothing more. */
async function wordsOf(deploymentId: string): Promise<DeploymentWords> {
  const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
  const words = readDescription(deploymentInfo?.description);
  if (!words) throw new UnknownDeploymentError();
  return words;
}

/** A deployment that somebody began by hand: nobody knows which version is to answer. */
class UnknownDeploymentError extends Error {
  override readonly name = 'UnknownDeploymentError';
}

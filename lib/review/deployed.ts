import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DATA_OUTPUTS, VIEWER_OUTPUT } from '../migrations/remote/outputs';
import type { Patience } from '../release/aws/persist';
import { describeStack } from '../release/aws/stack';
import { readTemplate } from '../release/guard/read';
import { givenBy } from '../release/guard/resolve';
import type { TemplateOfStack } from './differences';

/** A stack that stands. */
export interface DeployedStack {
  /** Its template. */
  readonly template: TemplateOfStack;
  /** Its outputs. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** What the data stack says of itself. */
export interface DeployedData {
  /** The commit that is deployed. */
  readonly commit: string;
  /** Release that its functions belong to. */
  readonly release: string;
  /** The function that tells of migrations; absent where it was deployed without one. */
  readonly viewer?: string;
}

/** States of a stack that was begun and of which nothing stands. */
const NOTHING = ['REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'DELETE_COMPLETE'];

/** Reads a stack as it is deployed; undefined where there is none yet. */
export async function readStack(
  cloudFormation: CloudFormationClient,
  stack: string,
  patience: Patience,
): Promise<DeployedStack | undefined> {
  const found = await describeStack(cloudFormation, stack, patience);
  if (found === undefined || NOTHING.includes(found.StackStatus ?? '')) return undefined;
  return {
    template: {
      Resources: await readTemplate({ cloudFormation }, stack, patience, givenBy(found.Parameters)),
    },
    outputs: Object.fromEntries(
      (found.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    ),
  };
}

/** What a data stack's outputs say. */
export function dataOf({ outputs }: DeployedStack): DeployedData {
  const viewer = outputs[VIEWER_OUTPUT];
  return {
    commit: outputs[DATA_OUTPUTS.commit] ?? 'unknown',
    release: outputs[DATA_OUTPUTS.release] ?? 'unknown',
    ...(viewer !== undefined && { viewer }),
  };
}

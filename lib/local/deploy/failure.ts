import type { Failure } from './stacks';

const TAIL_LINES = 15;

/** A deployment that failed; its message names the resource and the reason, in one block. */
export class DeploymentError extends Error {
  /**
   * Words the failure.
   *
   * @param failures - what CloudFormation says failed, first cause first
   * @param output - what the CDK printed; its end is shown when CloudFormation has nothing to say
   */
  constructor(
    readonly failures: readonly Failure[],
    output: string,
  ) {
    super(describe(failures, output));
    this.name = 'DeploymentError';
  }
}

function describe(failures: readonly Failure[], output: string): string {
  if (failures.length === 0)
    return `The deployment failed:\n${output.trim().split('\n').slice(-TAIL_LINES).join('\n')}`;
  return [
    'The deployment failed:',
    ...failures.map(
      ({ stack, resource, type, reason }) => `  ${stack} / ${resource} (${type})\n    ${reason}`,
    ),
    'Mend the cause and start again: what was made so far is updated in place.',
  ].join('\n');
}

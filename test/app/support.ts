import { Template } from 'aws-cdk-lib/assertions';
import type { Environment } from '../../lib/config/schema';
import { PlatformStage } from '../../lib/platform-stage';
import { testApp } from '../support/app';

/** A commit for tests. */
export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** The stage of an environment, with its five stacks. */
export function stageOf(environment: Environment, commit: string = COMMIT): PlatformStage {
  return new PlatformStage(testApp(), 'Test', { environment, commit });
}

/** The app stack's template for an environment. */
export function appTemplate(environment: Environment, commit: string = COMMIT): Template {
  return Template.fromStack(stageOf(environment, commit).app);
}

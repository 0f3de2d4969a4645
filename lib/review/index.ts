import type { AwsClients } from '../migrations/remote/clients';
import type { Patience } from '../release/aws/persist';
import { readApplied } from './applied';
import { reviewCompliance } from './compliance';
import { dataOf, type DeployedStack, readStack } from './deployed';
import { type Review, ReviewError } from './model';
import { comparisonWith, type PreviousRelease } from './previous';
import { readRelease, type ReleaseContents } from './release';
import { reviewSchema } from './schema';
import { reviewStack } from './stacks';

export { ReviewError } from './model';
export { fetchPrevious } from './previous';
export { summaryOf } from './summary';
export { reviewText } from './text';

/** What is reviewed, and how to look at what stands. */
export interface ReviewOptions {
  /** Name of the environment. */
  readonly environment: string;
  /** Its account. */
  readonly account: string;
  /** Accounts that a new role may trust without leave, as the guard holds it. */
  readonly accounts: readonly string[];
  /** Who answers for it. */
  readonly owner: string;
  /** Construct path of its stage. */
  readonly stage: string;
  /** Names of its stacks. */
  readonly stacks: readonly string[];
  /** Name of the one that makes the roles which change sets are read with, and whose first change set no guard reads. */
  readonly callersStack: string;
  /** Name of the one that holds the database. */
  readonly dataStack: string;
  /** Folder of the release's synth output. */
  readonly assembly: string;
  /**
   * Evidence of the last release to the environment.
   * @default - there is none: compliance is told as it is, and not what changed
   */
  readonly previous?: PreviousRelease;
  /**
   * The environment's services, as somebody who may only look.
   * @default - nothing of the environment stands: everything is new
   */
  readonly clients?: AwsClients;
  /** Who asks. */
  readonly actor: string;
  /** The day it is, `YYYY-MM-DD`. */
  readonly today: string;
  /** Time, and whom to tell how it goes. */
  readonly patience: Patience;
}

/**
 * Reviews what a release changes in an environment. It changes nothing itself, and is whole or not at all.
 * @throws ReviewError that names everything that cannot be read
 */
export async function review(options: ReviewOptions): Promise<Review> {
  const { environment, account, accounts, owner, stacks, today } = options;
  const release = readRelease(options.assembly, options.stage, stacks);
  const deployed = await readStacks(options);
  const standing = deployed.get(options.dataStack);
  return {
    schemaVersion: 1,
    ...{ environment, account, owner },
    commit: release.report.commit,
    ...(standing && { deployed: dataOf(standing).commit }),
    stacks: stacks.map((stack) => {
      const before = deployed.get(stack)?.template;
      const after = release.templates.get(stack) ?? {};
      const guarded = options.clients !== undefined || stack !== options.callersStack;
      return reviewStack({ stack, guarded, after, ...(before && { before }) }, { today, accounts });
    }),
    schema: reviewSchema(release.migrations, standing && (await appliedIn(standing, options))),
    compliance: complianceOf(release, options),
  };
}

/** Every stack that stands, by its name. */
async function readStacks({
  clients,
  stacks,
  patience,
}: ReviewOptions): Promise<ReadonlyMap<string, DeployedStack>> {
  const found = new Map<string, DeployedStack>();
  if (!clients) return found;
  const problems: string[] = [];
  for (const stack of stacks)
    try {
      const standing = await readStack(clients.cloudFormation, stack, patience);
      if (standing) found.set(stack, standing);
    } catch (error) {
      problems.push(
        `What is deployed of ${stack} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  if (problems.length > 0) throw new ReviewError(problems);
  return found;
}

async function appliedIn(
  standing: DeployedStack,
  { clients, dataStack, actor, patience }: ReviewOptions,
): ReturnType<typeof readApplied> {
  if (!clients) return undefined;
  const { clock, progress } = patience;
  return readApplied({ clients, stack: dataStack, data: dataOf(standing), actor, clock, progress });
}

function complianceOf(release: ReleaseContents, { previous, stage }: ReviewOptions): Review['compliance'] {
  const comparison = previous ? comparisonWith(previous, release, stage) : { unfit: [] };
  return reviewCompliance(release.report, stage, comparison);
}

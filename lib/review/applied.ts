import type { AwsClients } from '../migrations/remote/clients';
import { follow, signInRefused } from '../migrations/remote/run';
import type { Clock, Progress } from '../release/ports';
import type { DeployedData } from './deployed';
import { ReviewError } from './model';
import type { AppliedMigrations } from './schema';

/** How to ask an environment for its migrations. */
export interface AppliedOptions {
  /** The environment's services. */
  readonly clients: AwsClients;
  /** Name of its data stack, for messages. */
  readonly stack: string;
  /** What that stack says of itself. */
  readonly data: DeployedData;
  /** Who asks, for the function's log. */
  readonly actor: string;
  /** Time. */
  readonly clock: Clock;
  /** Is told how it goes. */
  readonly progress: Progress;
}

/**
 * Asks the function that tells of migrations and runs none.
 * @returns undefined where the database was never prepared, so that no migration ever ran
 * @throws ReviewError when there is no such function, or it cannot read the history
 */
export async function readApplied(options: AppliedOptions): Promise<AppliedMigrations | undefined> {
  const { clients, stack, data, actor, clock, progress } = options;
  if (data.viewer === undefined)
    throw new ReviewError([
      `${stack} was deployed without a function that tells of migrations: deploy the stacks ${stack.replace(/[^-]*$/, '')}Network and ${stack} of this commit once by hand, from where the environment is administered.`,
    ]);
  const report = await follow(
    { action: 'status' },
    {
      ...{ clients, actor, clock, progress, onlyLooks: true },
      // It is told in the place of the runner; it has no power to make roles, so nobody is named for that.
      deployed: {
        runner: data.viewer,
        preparer: '',
        cluster: '',
        release: data.release,
        commit: data.commit,
      },
    },
  );
  if (signInRefused(report)) return undefined;
  if (report.action !== 'status' || report.outcome !== 'done')
    throw new ReviewError(
      report.problems.length > 0
        ? report.problems.map(({ message, mend }) => `The schema's history: ${message} ${mend}`)
        : [`${data.viewer} did not tell the schema's history: its answer is ${report.outcome}.`],
    );
  return { release: data.release, migrations: report.migrations };
}

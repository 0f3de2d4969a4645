import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { STSClient } from '@aws-sdk/client-sts';
import type { Clock } from '../../migrations/ports';
import type { AwsClients } from '../../migrations/remote/clients';
import { findDeployed } from '../../migrations/remote/deployed';
import { follow, type FollowOptions } from '../../migrations/remote/run';
import type { Problem, Report, RunReport } from '../../migrations/report';
import type { Request } from '../../migrations/request';
import { clientOptions, type LocalCloud } from '../cloud';
import { setMasterPassword, type StartPostgres } from '../postgres';
import { managedPassword } from './master-secret';

/** Which database is migrated, and by what. */
export interface MigrationsOptions {
  /** The local AWS, with the data stack in it. */
  readonly cloud: LocalCloud;
  /** The running PostgreSQL. */
  readonly postgres: Pick<StartPostgres, 'dir' | 'port' | 'authority' | 'masterUser'>;
  /** Name of the data stack. */
  readonly stack: string;
  /** Is told how it goes, a line at a time. */
  readonly progress: (line: string) => void;
}

/** How the schema stands after a phase. */
export interface Migrated {
  /** Number of the newest applied migration. */
  readonly version: number;
  /** What was applied now. */
  readonly applied: readonly string[];
  /** What waits until an older release is gone, in words; empty when nothing does. */
  readonly waits: readonly string[];
}

/** Thrown when the database could not be migrated; its message tells every problem and how to mend it. */
export class MigrationError extends Error {
  /** Tells it from other errors. */
  override readonly name = 'MigrationError';

  constructor(problems: readonly Problem[]) {
    super(
      [
        'The database was not migrated:',
        ...problems.map(({ message, mend }) => `  ${message}\n    ${mend}`),
      ].join('\n'),
    );
  }
}

/** Codes of refusals that end by themselves, when the older release does. */
const WAITING = new Set(['older-release-connected', 'older-release-has-tasks']);

const CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds) => sleep(milliseconds),
  random: () => Math.random(),
};

/** Applies migrations as the pipeline does: by the deployed runner function, which signs in by IAM. */
export class Migrations {
  private constructor(
    private readonly options: MigrationsOptions,
    private readonly following: FollowOptions,
  ) {}

  /** Finds the runner, and lets the function that makes the roles sign in with the managed secret. */
  static async of(options: MigrationsOptions): Promise<Migrations> {
    const { cloud, stack, postgres, progress } = options;
    const clients = clientsOf(cloud);
    const deployed = await findDeployed(clients.cloudFormation, stack);
    await setMasterPassword(postgres, await managedPassword(cloud, clients.rds, deployed.cluster));
    return new Migrations(options, { clients, deployed, actor: 'npm start', clock: CLOCK, progress });
  }

  /** Applies what an older release does not mind. */
  async expand(): Promise<Migrated> {
    return this.migrated((await this.ask({ action: 'up', phase: 'expand' })) as RunReport);
  }

  /**
   * Applies what takes something away, once no session of an older release is connected. Nobody is asked for leave: the
   * files hold their approvals, and the data of this machine is nobody's.
   */
  async contract(): Promise<Migrated> {
    const plan = await this.ask({ action: 'plan', phase: 'contract' });
    const approve = plan.action === 'plan' && plan.migrations.length > 0 ? { approve: plan.digest } : {};
    const report = await follow({ action: 'up', phase: 'contract', ...approve }, this.following);
    const run = report as RunReport;
    const waits = run.problems.filter(({ code }) => WAITING.has(code)).map(({ message }) => message);
    if (run.outcome === 'refused' && waits.length === run.problems.length) return this.migrated(run, waits);
    return this.migrated(this.good(run) as RunReport);
  }

  private migrated(run: RunReport, waits: readonly string[] = []): Migrated {
    const applied = run.steps.filter(({ outcome }) => outcome === 'applied').map(({ title }) => title);
    for (const title of applied) this.options.progress(`applied ${title}`);
    for (const words of waits) this.options.progress(words);
    return { version: run.version ?? 0, applied, waits };
  }

  private async ask(request: Request): Promise<Report> {
    return this.good(await follow(request, this.following));
  }

  private good(report: Report): Report {
    if (report.outcome !== 'done') throw new MigrationError(report.problems);
    return report;
  }
}

function clientsOf(cloud: LocalCloud): AwsClients {
  const options = clientOptions(cloud);
  return {
    cloudFormation: new CloudFormationClient(options),
    ecs: new ECSClient(options),
    // A call is never tried again by itself: nobody knows whether the first one runs.
    lambda: new LambdaClient({
      ...options,
      maxAttempts: 1,
      requestHandler: { ...options.requestHandler, requestTimeout: 15 * 60_000 },
    }),
    rds: new RDSClient(options),
    sts: new STSClient(options),
  };
}

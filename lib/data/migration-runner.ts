import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { prepareDatabaseSchema } from '../../lambda/prepare-database/env';
import { migrationMetrics, runMigrationsSchema } from '../../lambda/run-migrations/env';
import type { Environment } from '../config/schema';
import { accept } from '../gate';
import { rdsAuthorities } from '../migrations/connection';
import type { Network } from '../network/network-stack';
import { Handler, METRICS_NAMESPACE } from '../shared/handler';
import type { Operations } from '../shared/operations';
import { ALARM_PERIOD, RunbookAlarm } from '../shared/runbook-alarm';
import type { AuroraDatabase } from './aurora-database';

/** Folder of the runner under `lambda/`; Powertools names its metrics after it. */
const RUNNER = 'run-migrations';

/** What the runner is made from. */
export interface MigrationRunnerProps {
  /** The environment whose database it changes. */
  readonly environment: Environment;
  /** The network it stands in. */
  readonly network: Network;
  /** Where it logs and alarms. */
  readonly operations: Operations;
  /** The database. */
  readonly database: AuroraDatabase;
  /** Encrypts the secret that RDS keeps the master password in. */
  readonly secretKey: kms.IKey;
}

/**
 * The only two ways from outside to the database's schema, both functions in the VPC: one runs migrations as a role
 * that signs in by IAM, the other makes that role with the master password. Apart, so that what runs migrations, and
 * whoever changes them, can never read the password.
 */
export class MigrationRunner extends Construct {
  /** Runs migrations. */
  readonly runner: Handler;
  /** Makes the roles of the database. */
  readonly preparer: Handler;

  constructor(scope: Construct, id: string, props: MigrationRunnerProps) {
    super(scope, id);
    // Fails the synth and not the first deployment when nobody could vouch for the database.
    rdsAuthorities(props.environment.region);
    this.runner = this.makeRunner(props);
    this.preparer = this.makePreparer(props);
    for (const handler of [this.runner, this.preparer]) acceptOwner(handler);
  }

  private makeRunner(props: MigrationRunnerProps): Handler {
    const { environment, database, operations } = props;
    const runner = new Handler(this, 'Runner', {
      ...common(props),
      name: RUNNER,
      description: 'Migrates the database, one run at a time',
      schema: runMigrationsSchema,
      variables: {
        ...databaseVariables(props),
        DATABASE_USER: database.migratorUser,
        ENVIRONMENT: environment.name,
      },
      timeout: Duration.minutes(15),
      memoryMiB: 1024,
    });
    signInAsMigrator(runner, props);
    new RunbookAlarm(this, 'Failed', {
      metric: new cloudwatch.Metric({
        namespace: METRICS_NAMESPACE,
        metricName: migrationMetrics.failed,
        dimensionsMap: { service: RUNNER, environment: environment.name },
        statistic: 'Sum',
        period: ALARM_PERIOD,
      }),
      threshold: 1,
      summary: 'A migration of the database failed',
      runbook: 'migrations-failed',
      operations,
    });
    return runner;
  }

  /**
   * Lets somebody see which migrations are applied and which releases fit: by the runner's code in a function of its own
   * that runs none, since whoever may call the runner may have it run any.
   */
  tellMigrations(props: MigrationRunnerProps, viewers: readonly iam.IRole[]): Handler {
    const { environment, database } = props;
    const teller = new Handler(this, 'Teller', {
      ...common(props),
      name: RUNNER,
      description: 'Tells which migrations are applied and which releases fit, and runs none',
      schema: runMigrationsSchema,
      variables: {
        ...databaseVariables(props),
        DATABASE_USER: database.migratorUser,
        ENVIRONMENT: environment.name,
        ONLY_LOOKS: 'yes',
      },
      timeout: Duration.minutes(2),
    });
    signInAsMigrator(teller, props);
    acceptOwner(teller);
    new iam.ManagedPolicy(this, 'MayAsk', {
      description: `telehealth ${environment.name}: who may ask about migrations`,
      roles: [...viewers],
      statements: [
        new iam.PolicyStatement({
          sid: 'AskForMigrations',
          actions: ['lambda:InvokeFunction'],
          resources: [teller.function.functionArn],
        }),
      ],
    });
    return teller;
  }

  private makePreparer(props: MigrationRunnerProps): Handler {
    const { environment, database, secretKey } = props;
    const secret = database.masterSecretArn;
    const preparer = new Handler(this, 'Preparer', {
      ...common(props),
      name: 'prepare-database',
      description: 'Makes the roles that sign in to the database',
      schema: prepareDatabaseSchema,
      variables: {
        ...databaseVariables(props),
        API_USER: database.apiUser,
        MIGRATOR_USER: database.migratorUser,
        MASTER_SECRET_ARN: secret,
      },
      timeout: Duration.minutes(2),
    });
    preparer.role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'ReadMasterSecret',
        actions: ['secretsmanager:GetSecretValue'],
        resources: [secret],
      }),
    );
    preparer.role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'DecryptMasterSecret',
        actions: ['kms:Decrypt'],
        resources: [secretKey.keyArn],
        conditions: {
          StringEquals: {
            'kms:ViaService': `secretsmanager.${environment.region}.amazonaws.com`,
            'kms:EncryptionContext:SecretARN': secret,
          },
        },
      }),
    );
    return preparer;
  }
}

function signInAsMigrator({ role }: Handler, { environment, database }: MigrationRunnerProps): void {
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: 'SignInAsMigrator',
      actions: ['rds-db:connect'],
      resources: [
        `arn:aws:rds-db:${environment.region}:${environment.account}:dbuser:${database.resourceId}/${database.migratorUser}`,
      ],
    }),
  );
}

/** One copy at a time, beside the engine's own lock; who calls while it runs is turned away and comes again. */
function common({ environment, network, operations }: MigrationRunnerProps) {
  return {
    environment,
    operations,
    vpc: network.vpc,
    securityGroup: network.securityGroups.migrations,
    oneAtATime: true,
  };
}

function databaseVariables({ environment, database }: MigrationRunnerProps) {
  return {
    DATABASE_REGION: environment.region,
    DATABASE_HOST: database.host,
    DATABASE_PORT: database.port,
    DATABASE_NAME: database.name,
  };
}

/** What signs in as an owner of the tables can change the rows of the audit; for these functions that is meant. */
function acceptOwner({ role }: Handler): void {
  accept(role, 'TemplateNoReaderSilencesAudit', {
    reason:
      'Somebody has to own the tables to migrate them and to read their history, and an owner can change any row, those of the audit too.',
    owner: 'platform-engineering',
    approvedBy: 'security-officer',
    ticket: 'HIPAA-26',
    expires: '2027-10-31',
    compensatingControl:
      'The code is reviewed and linted against touching the audit, only the pipeline calls it, and every change of the schema is logged where its role cannot delete.',
  });
}

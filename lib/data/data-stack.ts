import { CfnOutput, Tags } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { DATA_OUTPUTS, VIEWER_OUTPUT } from '../migrations/remote/outputs';
import type { Network } from '../network/network-stack';
import type { Operations } from '../shared/operations';
import { PlatformStack, type PlatformStackProps } from '../shared/platform-stack';
import { releaseName } from '../shared/release';
import { AuroraDatabase } from './aurora-database';
import { DataKeys } from './data-keys';
import { DatabaseAlarms } from './database-alarms';
import { MigrationCaller } from './migration-caller';
import { MigrationRunner } from './migration-runner';
import { PlatformBackup } from './platform-backup';
import { PlatformBuckets } from './platform-buckets';
import { PlatformTables } from './platform-tables';
import { ReleaseRecords } from './release-records';
import { RestoreTesting } from './restore-testing';
import { RollbackCaller } from './rollback-caller';
import { TableAlarms } from './table-alarms';

/** The database as the stacks that connect to it see it. */
export interface Database {
  /** Host name of the writer. */
  readonly host: string;
  /** Port, as a token. */
  readonly port: string;
  /** Name of the database. */
  readonly name: string;
  /** Role that the API signs in as, by IAM; it owns nothing. */
  readonly apiUser: string;
  /** Role that the migration runner signs in as, by IAM. */
  readonly migratorUser: string;
  /** The cluster's resource id, which `rds-db:connect` is granted on. */
  readonly resourceId: string;
  /** Name of the cluster, for metrics and alarms. */
  readonly clusterIdentifier: string;
}

/** The tables that the application uses. */
export interface Tables {
  /** Patients before their address is verified (PHI). */
  readonly provisionalPatients: dynamodb.ITable;
  /** Clinicians' applications (PII). */
  readonly clinicianApplications: dynamodb.ITable;
  /** Audit events; append-only for the application. */
  readonly auditEvents: dynamodb.ITable;
}

/** The buckets that the application uses. */
export interface Buckets {
  /** Patients' documents (PHI). */
  readonly documents: s3.IBucket;
  /** Evidence that must not change (Audit). */
  readonly evidence: s3.IBucket;
}

/** The data stores as the other stacks see them. */
export interface Data {
  /** The Aurora cluster. */
  readonly database: Database;
  /** The DynamoDB tables. */
  readonly tables: Tables;
  /** The S3 buckets. */
  readonly buckets: Buckets;
  /** The key of each data class. */
  readonly keys: { readonly phi: kms.IKey; readonly pii: kms.IKey; readonly audit: kms.IKey };
  /** What is kept of releases. */
  readonly releases: Releases;
  /** Goes off when the database is running out of connections, as a release that leaks them makes it. */
  readonly connectionsAlarm: cloudwatch.IAlarm;
  /** Every alarm of the database, which a release looks at before it has public traffic. */
  readonly databaseAlarms: readonly cloudwatch.IAlarm[];
  /** What the pipeline becomes to migrate the database; absent where no pipeline deploys. */
  readonly migrationCaller?: iam.IRole;
}

/** What is kept of releases. */
export interface Releases {
  /** The records. */
  readonly table: dynamodb.ITable;
  /** Tells of each. */
  readonly bus: events.IEventBus;
}

/** What the data stack stands on. */
export interface DataStackProps extends PlatformStackProps {
  /** Where the database stands. */
  readonly network: Network;
  /** Where logs and alarms go. */
  readonly operations: Operations;
  /** The commit that is deployed, which the migrations belong to. */
  readonly commit: string;
  /**
   * Account of the pipeline that deploys the environment.
   * @default - none does
   */
  readonly pipelineAccount?: string;
}

/** Everything that keeps state, with its keys and its backup in the same stack. */
export class DataStack extends PlatformStack implements Data {
  /** The Aurora cluster. */
  readonly database: Database;
  /** The DynamoDB tables. */
  readonly tables: Tables;
  /** The S3 buckets. */
  readonly buckets: Buckets;
  /** The key of each data class, and that of the recovery points. */
  readonly keys: DataKeys;
  /** What is kept of releases. */
  readonly releases: Releases;
  /** Goes off when the database is running out of connections, as a release that leaks them makes it. */
  readonly connectionsAlarm: cloudwatch.IAlarm;
  /** Every alarm of the database, which a release looks at before it has public traffic. */
  readonly databaseAlarms: readonly cloudwatch.IAlarm[];
  /** What the pipeline becomes to migrate the database; absent where no pipeline deploys. */
  readonly migrationCaller?: iam.IRole;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { environment, network, operations, pipelineAccount } = props;

    this.keys = new DataKeys(this, 'Keys', { environment });
    const database = new AuroraDatabase(this, 'Database', {
      environment,
      network,
      operations,
      encryptionKey: this.keys.phi,
    });
    this.database = database;
    this.tables = new PlatformTables(this, 'Tables', { environment, keys: this.keys });
    this.buckets = new PlatformBuckets(this, 'Buckets', { environment, operations, keys: this.keys });
    Tags.of(database).add('DataClassification', 'PHI');

    this.releases = new ReleaseRecords(this, 'Releases', {
      environment,
      operations,
      encryptionKey: this.keys.audit,
    });
    const alarms = new DatabaseAlarms(this, 'DatabaseAlarms', {
      environment,
      cluster: database.cluster,
      operations,
    });
    this.connectionsAlarm = alarms.connections;
    this.databaseAlarms = alarms.all;
    new TableAlarms(this, 'TableAlarms', { tables: this.tables, operations });
    this.protect(props, database);

    const run = { environment, network, operations, database, secretKey: this.keys.phi };
    const migrations = new MigrationRunner(this, 'Migrations', run);
    if (pipelineAccount !== undefined)
      this.migrationCaller = new MigrationCaller(this, 'MigrationCaller', {
        environment,
        pipelineAccount,
        database,
        functions: [migrations.runner.function, migrations.preparer.function],
      });
    if (pipelineAccount !== undefined) {
      const back = new RollbackCaller(this, 'RollbackCaller', { environment, pipelineAccount });
      const viewers = [back, ...(network.reviewCaller ? [network.reviewCaller] : [])];
      new CfnOutput(this, VIEWER_OUTPUT, {
        value: migrations.tellMigrations(run, viewers).function.functionName,
        description: 'The function that tells of migrations and runs none',
      });
    }
    this.tellCallers(props.commit, migrations);
  }

  /** What a caller needs to know; a new commit changes these outputs and no resource. */
  private tellCallers(commit: string, { runner, preparer }: MigrationRunner): void {
    for (const [name, value, description] of [
      [DATA_OUTPUTS.runner, runner.function.functionName, 'The function that runs migrations'],
      [
        DATA_OUTPUTS.preparer,
        preparer.function.functionName,
        'The function that makes the roles of the database',
      ],
      [DATA_OUTPUTS.cluster, this.database.clusterIdentifier, 'The Aurora cluster'],
      [DATA_OUTPUTS.release, releaseName(commit), 'The release that the migrations belong to'],
      [DATA_OUTPUTS.commit, commit, 'Its commit'],
    ] as const)
      new CfnOutput(this, name, { value, description });
  }

  /** Backs up everything above, in this stack, where the HIPAA pack looks for it; and rehearses the restore when configured. */
  private protect({ environment, network, operations }: DataStackProps, database: AuroraDatabase): void {
    const clusters = [database.cluster.clusterArn];
    const tables = Object.values<dynamodb.ITable>({ ...this.tables, releases: this.releases.table }).map(
      ({ tableArn }) => tableArn,
    );
    const buckets = Object.values(this.buckets).map((bucket: s3.IBucket) => bucket.bucketArn);
    const { vault } = new PlatformBackup(this, 'Backup', {
      environment,
      encryptionKey: this.keys.backup,
      resources: [...clusters, ...tables, ...buckets],
      operations,
    });
    if (!environment.backup.restoreTesting) return;
    const { phi, pii, audit, backup } = this.keys;
    new RestoreTesting(this, 'RestoreTesting', {
      environment,
      vault,
      keys: [phi, pii, audit, backup],
      restorable: [
        {
          type: 'Aurora',
          arns: clusters,
          metadata: {
            dbSubnetGroupName: database.subnetGroup.subnetGroupName,
            vpcSecurityGroupIds: this.toJsonString([network.securityGroups.database.securityGroupId]),
          },
        },
        {
          type: 'DynamoDB',
          arns: tables,
          metadata: { encryptionType: 'KMS', kmsMasterKeyArn: backup.keyArn },
        },
        { type: 'S3', arns: buckets, metadata: {} },
      ],
    });
  }
}

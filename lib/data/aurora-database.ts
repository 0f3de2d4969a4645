import { Duration, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { accept } from '../gate';
import { DATABASE_PORT } from '../shared/ports';
import type { Network } from '../network/network-stack';
import type { Operations } from '../shared/operations';
import { logRetention } from '../shared/log-retention';
import { removalPolicy } from '../shared/removal';
import type { Database } from './data-stack';

/** What the database is made from. */
export interface AuroraDatabaseProps {
  /** The environment the database belongs to. */
  readonly environment: Environment;
  /** Where it stands. */
  readonly network: Network;
  /** Where it logs to. */
  readonly operations: Operations;
  /** Encrypts storage, snapshots, the master secret and Performance Insights. */
  readonly encryptionKey: kms.IKey;
}

/** Aurora PostgreSQL, Serverless v2: TLS and IAM sign-in, a master password that nobody but RDS handles. */
export class AuroraDatabase extends Construct implements Database {
  /** The cluster. */
  readonly cluster: rds.DatabaseCluster;
  /** The isolated subnets, as RDS knows them. */
  readonly subnetGroup: rds.SubnetGroup;
  /** Host name of the writer. */
  readonly host: string;
  /** Port, as a token. */
  readonly port: string;
  /** Name of the database. */
  readonly name = 'telehealth';
  /** Role that the API signs in as, by IAM; it owns nothing. */
  readonly apiUser = 'telehealth_api';
  /** Role that the migration runner signs in as, by IAM. */
  readonly migratorUser = 'telehealth_migrator';
  /** The cluster's resource id, which `rds-db:connect` is granted on. */
  readonly resourceId: string;
  /** Name of the cluster, for metrics and alarms. */
  readonly clusterIdentifier: string;
  /** The secret that RDS keeps the master user's password in. */
  readonly masterSecretArn: string;

  constructor(scope: Construct, id: string, props: AuroraDatabaseProps) {
    super(scope, id);
    const { environment, network, encryptionKey } = props;
    const engine = rds.DatabaseClusterEngine.auroraPostgres({
      version: rds.AuroraPostgresEngineVersion.VER_17_9,
    });

    // The one physical name of this stack: RDS writes to the log group of this name and would make it, without
    // key and retention, if it were not there first.
    const clusterIdentifier = `telehealth-${environment.name}`;
    const logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: `/aws/rds/cluster/${clusterIdentifier}/postgresql`,
      encryptionKey: props.operations.logKey,
      retention: logRetention(environment.retention.auditDays),
      removalPolicy: removalPolicy(environment),
    });

    this.subnetGroup = new rds.SubnetGroup(this, 'Subnets', {
      vpc: network.vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      description: 'Isolated subnets of the environment',
      removalPolicy: removalPolicy(environment),
    });
    const instance: rds.ProvisionedClusterInstanceProps & rds.ServerlessV2ClusterInstanceProps = {
      publiclyAccessible: false,
      autoMinorVersionUpgrade: true,
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: encryptionKey,
      caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
    };
    const readerNames = Array.from(
      { length: environment.database.readers },
      (_, index) => `Reader${index + 1}`,
    );
    this.cluster = new rds.DatabaseCluster(this, 'Cluster', {
      engine,
      clusterIdentifier,
      defaultDatabaseName: this.name,
      port: DATABASE_PORT,
      credentials: rds.Credentials.fromUsername('telehealth_admin', { encryptionKey }),
      manageMasterUserPassword: true,
      iamAuthentication: true,
      storageEncrypted: true,
      storageEncryptionKey: encryptionKey,
      serverlessV2MinCapacity: environment.database.minCapacity,
      serverlessV2MaxCapacity: environment.database.maxCapacity,
      writer: rds.ClusterInstance.serverlessV2('Writer', instance),
      readers: readerNames.map((name, index) =>
        // The first reader is the failover target, so it keeps the writer's size.
        rds.ClusterInstance.serverlessV2(name, { ...instance, scaleWithWriter: index === 0 }),
      ),
      parameterGroup: this.makeParameterGroup(engine),
      vpc: network.vpc,
      subnetGroup: this.subnetGroup,
      securityGroups: [network.securityGroups.database],
      cloudwatchLogsExports: ['postgresql'],
      databaseInsightsMode: rds.DatabaseInsightsMode.STANDARD,
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: encryptionKey,
      monitoringInterval: Duration.seconds(60),
      enableClusterLevelEnhancedMonitoring: false,
      backup: {
        retention: Duration.days(environment.database.backupRetentionDays),
        preferredWindow: '03:00-04:00',
      },
      preferredMaintenanceWindow: 'sun:04:30-sun:05:30',
      copyTagsToSnapshot: true,
      deletionProtection: true,
      removalPolicy: removalPolicy(environment),
    });
    this.cluster.node.addDependency(logGroup);

    for (const name of ['Writer', ...readerNames])
      accept(this.cluster.node.findChild(name), 'RDSInBackupPlan', {
        reason:
          'Aurora is backed up as a cluster; the rule looks for the id of each instance in the selection',
        owner: 'platform-engineering',
        approvedBy: 'security-officer',
        ticket: 'HIPAA-15',
        expires: '2027-10-31',
        compensatingControl: 'The cluster is in the backup selection of the same stack, as a test asserts',
      });

    this.host = this.cluster.clusterEndpoint.hostname;
    this.port = Token.asString(this.cluster.clusterEndpoint.port);
    this.resourceId = this.cluster.clusterResourceIdentifier;
    this.clusterIdentifier = this.cluster.clusterIdentifier;
    if (!this.cluster.secret)
      throw new Error('The cluster keeps no master secret: manageMasterUserPassword is off.');
    this.masterSecretArn = this.cluster.secret.secretArn;
  }

  /**
   * TLS only. Logs who connects and what changes the schema, never the text of a query, which may carry PHI: by
   * default PostgreSQL writes a failed statement, and the row that violated a constraint, into its log.
   */
  private makeParameterGroup(engine: rds.IClusterEngine): rds.ParameterGroup {
    return new rds.ParameterGroup(this, 'Parameters', {
      engine,
      description: 'TLS only; connections and schema changes are logged, queries are not',
      parameters: {
        'rds.force_ssl': '1',
        ssl_min_protocol_version: 'TLSv1.2',
        log_connections: '1',
        log_disconnections: '1',
        log_statement: 'ddl',
        log_min_duration_statement: '-1',
        // No failed statement beside its error, and no DETAIL, CONTEXT or QUERY, which repeat values of rows.
        log_min_error_statement: 'panic',
        log_error_verbosity: 'terse',
      },
    });
  }
}

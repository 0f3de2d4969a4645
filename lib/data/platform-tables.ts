import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import type { DataClass } from '../shared/secure-bucket';
import { appendOnly } from './append-only';
import type { DataKeys } from './data-keys';
import type { Tables } from './data-stack';

const { STRING, NUMBER } = dynamodb.AttributeType;

/** Attribute that holds the second after which DynamoDB removes an item. */
const TIME_TO_LIVE = 'expiresAt';

/** What one table looks like: key names are the contract with the applications that exist. */
interface TableShape {
  readonly encryptionKey: kms.IKey;
  readonly dataClass: DataClass;
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly indexes: Readonly<Record<string, { readonly partitionKey: string; readonly sortKey?: string }>>;
  readonly expires: boolean;
  readonly resourcePolicy?: iam.PolicyDocument;
}

/** What the tables are made from. */
export interface PlatformTablesProps {
  /** The environment the tables belong to. */
  readonly environment: Environment;
  /** The key of each data class. */
  readonly keys: DataKeys;
}

/**
 * The tables, with the key and index names that the applications know.
 *
 * Keys are not encrypted from those who may describe or trace a table, so two attributes hold a keyed hash and
 * never the plain value: `email` of a provisional patient (lower-cased, HMAC-SHA-256, hexadecimal) and
 * `verificationCode`.
 */
export class PlatformTables extends Construct implements Tables {
  /** Patients before their address is verified (PHI). */
  readonly provisionalPatients: dynamodb.ITable;
  /** Clinicians' applications (PII). */
  readonly clinicianApplications: dynamodb.ITable;
  /** Audit events; nobody may change or remove one. */
  readonly auditEvents: dynamodb.ITable;

  constructor(scope: Construct, id: string, props: PlatformTablesProps) {
    super(scope, id);
    const { environment, keys } = props;

    this.provisionalPatients = this.makeTable('ProvisionalPatients', environment, {
      encryptionKey: keys.phi,
      dataClass: 'PHI',
      partitionKey: 'email',
      sortKey: 'createdAt',
      indexes: {
        StatusIndex: { partitionKey: 'status', sortKey: 'createdAt' },
        VerificationCodeIndex: { partitionKey: 'verificationCode' },
      },
      expires: true,
    });
    this.clinicianApplications = this.makeTable('ClinicianApplications', environment, {
      encryptionKey: keys.pii,
      dataClass: 'PII',
      partitionKey: 'applicationId',
      sortKey: 'submittedAt',
      indexes: {
        StatusIndex: { partitionKey: 'status', sortKey: 'submittedAt' },
        EmailIndex: { partitionKey: 'email', sortKey: 'submittedAt' },
      },
      expires: false,
    });
    this.auditEvents = this.makeTable('AuditEvents', environment, {
      encryptionKey: keys.audit,
      dataClass: 'Audit',
      partitionKey: 'eventId',
      sortKey: 'timestamp',
      indexes: {
        UserIdIndex: { partitionKey: 'userId', sortKey: 'timestamp' },
        ActionIndex: { partitionKey: 'action', sortKey: 'timestamp' },
        OrgIdIndex: { partitionKey: 'orgId', sortKey: 'timestamp' },
      },
      expires: true,
      resourcePolicy: appendOnly(),
    });
  }

  private makeTable(id: string, environment: Environment, shape: TableShape): dynamodb.ITable {
    const retain = environment.removal === 'retain';
    const table = new dynamodb.Table(this, id, {
      partitionKey: { name: shape.partitionKey, type: STRING },
      sortKey: { name: shape.sortKey, type: NUMBER },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: shape.encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      contributorInsightsSpecification: { enabled: true },
      deletionProtection: retain,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(shape.expires && { timeToLiveAttribute: TIME_TO_LIVE }),
      ...(shape.resourcePolicy && { resourcePolicy: shape.resourcePolicy }),
    });
    for (const [indexName, { partitionKey, sortKey }] of Object.entries(shape.indexes))
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: partitionKey, type: STRING },
        ...(sortKey !== undefined && { sortKey: { name: sortKey, type: NUMBER } }),
        projectionType: dynamodb.ProjectionType.ALL,
      });
    Tags.of(table).add('DataClassification', shape.dataClass);
    // Asserted, since under exactOptionalPropertyTypes the library's class lacks what its own interface allows.
    return table as dynamodb.ITable;
  }
}

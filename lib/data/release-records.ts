import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { RELEASE_KEY } from '../release/records/model';
import type { Operations } from '../shared/operations';
import { appendOnly } from './append-only';
import type { Releases } from './data-stack';

/** What the records are made from. */
export interface ReleaseRecordsProps {
  /** The environment whose releases are recorded. */
  readonly environment: Environment;
  /** The key of the records. */
  readonly encryptionKey: kms.IKey;
  /** Holds the key of what travels by events. */
  readonly operations: Operations;
}

/** What is kept of every release, which nobody changes afterwards, and the bus that tells of it. */
export class ReleaseRecords extends Construct implements Releases {
  /** The records, by environment and moment. */
  readonly table: dynamodb.ITable;
  /** Tells of each record. */
  readonly bus: events.IEventBus;

  constructor(scope: Construct, id: string, props: ReleaseRecordsProps) {
    super(scope, id);
    const retain = props.environment.removal === 'retain';
    const { STRING } = dynamodb.AttributeType;
    // Asserted, since under exactOptionalPropertyTypes the library's class lacks what its own interface allows.
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: RELEASE_KEY.partition, type: STRING },
      sortKey: { name: RELEASE_KEY.sort, type: STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      contributorInsightsSpecification: { enabled: true },
      deletionProtection: retain,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      resourcePolicy: appendOnly(),
    }) as dynamodb.ITable;
    this.bus = new events.EventBus(this, 'Bus', {
      description: `telehealth ${props.environment.name}: tells of releases and rollbacks`,
      kmsKey: props.operations.queueKey,
    }) as events.IEventBus;
    Tags.of(this).add('DataClassification', 'Audit');
  }
}

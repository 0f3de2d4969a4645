import type { Entity, Estate } from '../estate/estate';
import { permits } from '../estate/iam/access';
import { meansAction } from '../estate/iam/match';
import { becomes, grantsItself } from '../estate/iam/become';
import { arnOf, databaseIdOf, masterSecretOf } from '../estate/names';
import { once } from '../estate/once';
import type { Principal } from '../estate/iam/principals';
import type { Statement } from '../estate/iam/statements';
import { at } from '../template-rules/values';
import { classificationOf, mayHoldHealthData, type Store, storesOf } from './stores';

/** Something that records who did what, and what would silence it. */
interface Watch {
  /** What it is called in a finding. */
  readonly name: string;
  /** Actions that switch it off, or take away what it recorded. */
  readonly actions: readonly string[];
  /** ARN that they are on. */
  readonly on: string;
  /** What its own policy says. */
  readonly policy?: readonly Statement[];
}

/**
 * Users of the database that can add to the audit and read it, and change nothing in it, by the grants of the schema:
 * test/database/schema/access.test.ts proves it. Every other user may own the tables.
 */
export const APPENDING_USERS: readonly string[] = ['telehealth_api'];

const of = (service: string, names: string): string[] => names.split(' ').map((name) => `${service}:${name}`);

/** What silences a trail, in this template or made by hand. */
const TRAIL = of('cloudtrail', 'StopLogging DeleteTrail UpdateTrail PutEventSelectors');

/** Actions by type. Source: Service Authorization Reference, the actions that write or change permissions. */
const SILENCING: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::FlowLog': of('ec2', 'DeleteFlowLogs'),
  'AWS::Logs::LogGroup': of('logs', 'DeleteLogGroup DeleteLogStream PutRetentionPolicy'),
  'AWS::Config::ConfigurationRecorder': of('config', 'StopConfigurationRecorder DeleteConfigurationRecorder'),
  'AWS::GuardDuty::Detector': of('guardduty', 'DeleteDetector UpdateDetector'),
  'AWS::WAFv2::LoggingConfiguration': of('wafv2', 'DeleteLoggingConfiguration'),
};

const TABLE = of(
  'dynamodb',
  'DeleteTable UpdateTable DeleteItem UpdateItem BatchWriteItem PartiQLDelete PartiQLUpdate UpdateContinuousBackups UpdateTimeToLive DeleteResourcePolicy PutResourcePolicy',
);
const BUCKET = of('s3', 'DeleteBucket PutBucketPolicy DeleteBucketPolicy PutEncryptionConfiguration');
/** What an Object Lock in compliance mode makes impossible to everybody. Source: Amazon S3 User Guide, Object Lock. */
const BUCKET_WITHOUT_LOCK = of('s3', 'PutLifecycleConfiguration PutBucketVersioning');
const OBJECTS = of('s3', 'DeleteObject DeleteObjectVersion');
const KEY = of('kms', 'DisableKey ScheduleKeyDeletion PutKeyPolicy');
const DATABASE = of('rds', 'ModifyDBCluster ModifyDBClusterParameterGroup');

const isAudit = (entity: Entity): boolean => classificationOf(entity) === 'Audit';

/** The lock that nobody can take away, or undefined. */
function isLocked({ properties }: Entity): boolean {
  return at(properties['ObjectLockConfiguration'], 'Rule', 'DefaultRetention', 'Mode') === 'COMPLIANCE';
}

function ofStore({ entity, policy }: Store): Watch[] {
  const arn = arnOf(entity);
  const watch = (actions: readonly string[], on = arn): Watch => ({ name: entity.path, actions, on, policy });
  if (entity.type.startsWith('AWS::DynamoDB::')) return [watch(TABLE)];
  if (entity.type !== 'AWS::S3::Bucket') return [];
  return isLocked(entity)
    ? [watch(BUCKET)]
    : [watch([...BUCKET, ...BUCKET_WITHOUT_LOCK]), watch(OBJECTS, `${arn}/*`)];
}

/** Everything in the environment that records who did what. */
const watchesOf = once((estate: Estate): readonly Watch[] => {
  const stores = storesOf(estate);
  const logs = estate.ofType('AWS::Logs::LogGroup').filter(isAudit);
  return [
    { name: 'the trail of the account', actions: TRAIL, on: 'arn:aws:cloudtrail:*:*:trail/*' },
    ...[
      ...estate.ofType(...Object.keys(SILENCING).filter((type) => type !== 'AWS::Logs::LogGroup')),
      ...logs,
    ].map((entity): Watch => ({
      name: entity.path,
      actions: SILENCING[entity.type] ?? [],
      on: arnOf(entity),
    })),
    ...stores.filter(({ entity }) => isAudit(entity)).flatMap(ofStore),
    ...stores
      .filter((store) => store.entity.type === 'AWS::S3::Bucket' && mayHoldHealthData(store))
      .map(({ entity, policy }): Watch => ({
        name: `the access log of ${entity.path}`,
        actions: ['s3:PutBucketLogging'],
        on: arnOf(entity),
        policy,
      })),
    ...estate
      .ofType('AWS::KMS::Key')
      .filter((key) => ['PHI', 'Audit', 'unclassified'].includes(classificationOf(key)))
      .map((key): Watch => ({ name: key.path, actions: KEY, on: arnOf(key) })),
    ...stores
      .filter((store) => store.entity.type === 'AWS::RDS::DBCluster' && mayHoldHealthData(store))
      .map(({ entity }): Watch => ({
        name: `the log of ${entity.path}`,
        actions: DATABASE,
        on: arnOf(entity),
      })),
  ];
});

/** Whether the principal signs in to a database as a user that may own the tables of the audit. */
function ownsAuditRows(estate: Estate, principal: Principal): string[] {
  return estate.ofType('AWS::RDS::DBCluster', 'AWS::RDS::DBInstance').flatMap((entity) => {
    const user = `arn:aws:rds-db:${entity.region}:${entity.account}:dbuser:${databaseIdOf(entity)}`;
    const may = (name: string): boolean =>
      permits(principal, { action: 'rds-db:connect', resource: `${user}/${name}` }).allowed;
    const others = principal.statements
      .filter(
        ({ effect, actions, exceptActions }) =>
          effect === 'Allow' &&
          actions.some((pattern) => meansAction(pattern, 'rds-db:connect')) !== exceptActions,
      )
      .flatMap(({ resources }) => resources.map((resource) => resource.split('/').at(-1) ?? '*'))
      .filter((name) => !APPENDING_USERS.includes(name));
    const master = permits(principal, {
      action: 'secretsmanager:GetSecretValue',
      resource: masterSecretOf(entity),
    });
    return [
      ...[...new Set(others)]
        .filter(may)
        .map((name) => `signs in to ${entity.path} as ${name}, which may own its audit rows`),
      ...(master.allowed
        ? [`signs in to ${entity.path} as its master user, which may take its audit rows`]
        : []),
    ];
  });
}

/** What a principal can do to silence the audit, each in words; empty where it can do nothing. */
export function silences(estate: Estate, principal: Principal): string[] {
  if (grantsItself(principal).allowed) return ['changes rights, and so may do everything'];
  const indirect = becomes(estate)
    .filter(({ who }) => who === principal)
    .map(({ whom, how }) => ({ actor: whom, as: ` (${how} ${whom.entity.path})` }));
  const watches = watchesOf(estate);
  return [{ actor: principal, as: '' }, ...indirect].flatMap(({ actor, as }) => [
    ...watches.flatMap(({ name, actions, on, policy }) => {
      const possible = actions.filter(
        (action) => permits(actor, { action, resource: on, ...(policy && { policy }) }).allowed,
      );
      return possible.length > 0 ? [`${possible.join(', ')} on ${name}${as}`] : [];
    }),
    ...ownsAuditRows(estate, actor).map((words) => `${words}${as}`),
  ]);
}

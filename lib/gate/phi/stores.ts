import type { Entity, Estate } from '../estate/estate';
import { nameOf } from '../estate/names';
import { once } from '../estate/once';
import { type Statement, statementsOf } from '../estate/iam/statements';
import { at, isTrue, list, record } from '../template-rules/values';
import { type Kind, KINDS, OTHER_STORES } from './kinds';

/** A store of data, and how it is kept. */
export interface Store {
  /** The resource. */
  readonly entity: Entity;
  /** What its tag says that it holds; `unclassified` where it has none. */
  readonly classification: string;
  /** How it is read; absent where nothing is known of its type. */
  readonly kind?: Kind;
  /** What its own policies say. */
  readonly policy: readonly Statement[];
}

const CLASS_TAG = 'DataClassification';
const TAG_PROPERTIES = ['Tags', 'UserPoolTags', 'BackupVaultTags', 'FileSystemTags'];

/** What the resource is tagged to hold. */
export function classificationOf({ properties }: Entity): string {
  for (const name of TAG_PROPERTIES) {
    const tags = properties[name];
    const value = Array.isArray(tags)
      ? at(
          tags.find((tag) => at(tag, 'Key') === CLASS_TAG),
          'Value',
        )
      : record(tags)[CLASS_TAG];
    if (typeof value === 'string') return value;
  }
  return 'unclassified';
}

/** Classes that are looked after: what has none may hold anything. */
const WATCHED = new Set(['PHI', 'PII', 'Audit', 'unclassified']);

/** Whether what it holds has to be kept from strangers. */
export function isWatched({ classification }: Store): boolean {
  return WATCHED.has(classification);
}

/** Whether it may hold health data. */
export function mayHoldHealthData({ classification }: Store): boolean {
  return classification === 'PHI' || classification === 'unclassified';
}

/** Types whose policy is a resource of its own, with the properties that name the store and the document. */
const POLICY_RESOURCES = {
  'AWS::S3::Bucket': ['AWS::S3::BucketPolicy', 'Bucket', 'PolicyDocument'],
  'AWS::SQS::Queue': ['AWS::SQS::QueuePolicy', 'Queues', 'PolicyDocument'],
  'AWS::SNS::Topic': ['AWS::SNS::TopicPolicy', 'Topics', 'PolicyDocument'],
  'AWS::SecretsManager::Secret': ['AWS::SecretsManager::ResourcePolicy', 'SecretId', 'ResourcePolicy'],
} as const;

function policyOf(estate: Estate, entity: Entity, kind: Kind | undefined): Statement[] {
  const own = statementsOf(kind?.policy?.(entity.properties));
  if (!(entity.type in POLICY_RESOURCES)) return own;
  const [type, of, document] = POLICY_RESOURCES[entity.type as keyof typeof POLICY_RESOURCES];
  return [
    ...own,
    ...estate
      .ofType(type)
      .filter(({ properties }) => list(properties[of]).some((name) => estate.meant(name) === entity))
      .flatMap(({ properties, conditional }) => statementsOf(properties[document], !conditional)),
  ];
}

/** An instance of a cluster keeps nothing by itself. */
function isMember({ type, properties }: Entity): boolean {
  return type === 'AWS::RDS::DBInstance' && properties['DBClusterIdentifier'] !== undefined;
}

/** Every store of the environment. */
export const storesOf = once((estate: Estate): readonly Store[] =>
  estate
    .ofType(...Object.keys(KINDS), ...OTHER_STORES)
    .filter((entity) => !isMember(entity))
    .map((entity) => {
      const kind = KINDS[entity.type];
      return {
        entity,
        classification: classificationOf(entity),
        ...(kind && { kind }),
        policy: policyOf(estate, entity, kind),
      };
    }),
);

/** The key that a value of a template means, by its ARN, its id or an alias of it. */
export function keyMeant(estate: Estate, value: unknown): Entity | undefined {
  const meant = estate.meant(value);
  if (meant?.type === 'AWS::KMS::Alias') return estate.meant(meant.properties['TargetKeyId']);
  if (meant) return meant;
  const name = typeof value === 'string' ? value.replace(/^arn:[^/]*:/, '') : undefined;
  const alias = estate
    .ofType('AWS::KMS::Alias')
    .find(({ properties }) => name !== undefined && properties['AliasName'] === name);
  return alias && estate.meant(alias.properties['TargetKeyId']);
}

const years = (days: number): string => (days >= 730 ? ` (${Math.floor(days / 365)} years)` : '');
const daysText = (days: unknown): string =>
  typeof days === 'number' ? `${days} ${days === 1 ? 'day' : 'days'}${years(days)}` : String(days);

const RETENTIONS: Readonly<Record<string, (entity: Entity) => readonly string[]>> = {
  'AWS::RDS::DBCluster': ({ properties }) => [
    'until deleted',
    isTrue(properties['DeletionProtection']) ? 'deletion protection' : 'no deletion protection',
  ],
  'AWS::S3::Bucket': ({ properties }) => {
    const lock = at(properties['ObjectLockConfiguration'], 'Rule', 'DefaultRetention');
    const rules = list(at(properties['LifecycleConfiguration'], 'Rules')).filter(
      (rule) => at(rule, 'Status') === 'Enabled',
    );
    return [
      ...(lock === undefined
        ? []
        : [
            `Object Lock ${String(at(lock, 'Mode')).toLowerCase()} ${daysText(at(lock, 'Days') ?? `${String(at(lock, 'Years'))} years`)}`,
          ]),
      at(properties['VersioningConfiguration'], 'Status') === 'Enabled' ? 'versioned' : 'no versions',
      ...rules.flatMap((rule) => {
        const where = at(rule, 'Prefix') === undefined ? '' : ` under ${String(at(rule, 'Prefix'))}`;
        const [all, old] = [
          at(rule, 'ExpirationInDays'),
          at(rule, 'NoncurrentVersionExpiration', 'NoncurrentDays'),
        ];
        return [
          ...(all === undefined ? [] : [`objects${where} end after ${daysText(all)}`]),
          ...(old === undefined ? [] : [`old versions${where} end after ${daysText(old)}`]),
        ];
      }),
    ];
  },
  'AWS::Logs::LogGroup': ({ properties: { RetentionInDays: days } }) => [
    days === undefined ? 'for ever' : daysText(days),
  ],
  'AWS::SQS::Queue': ({ properties: { MessageRetentionPeriod: seconds } }) => [
    daysText(typeof seconds === 'number' ? Math.round(seconds / 86_400) : 4),
  ],
  'AWS::Backup::BackupVault': ({ properties: { LockConfiguration: lock } }) => [
    lock === undefined ? 'no lock' : `locked, at least ${daysText(at(lock, 'MinRetentionDays'))}`,
  ],
  'AWS::Cognito::UserPool': ({ properties }) => [
    'until deleted',
    properties['DeletionProtection'] === 'ACTIVE' ? 'deletion protection' : 'no deletion protection',
  ],
};

function tableRetention({ properties }: Entity): readonly string[] {
  const places = [properties, ...list(properties['Replicas']).map(record)];
  const any = (...path: readonly string[]): boolean => places.some((place) => isTrue(at(place, ...path)));
  return [
    isTrue(at(properties['TimeToLiveSpecification'], 'Enabled')) ? 'until the item says' : 'until deleted',
    any('PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled')
      ? 'point-in-time recovery'
      : 'no point-in-time recovery',
    any('DeletionProtectionEnabled') ? 'deletion protection' : 'no deletion protection',
  ];
}

/** How long what it holds is kept, and what keeps it. */
export function retentionOf({ entity }: Store): string {
  const words = entity.type.startsWith('AWS::DynamoDB::')
    ? tableRetention(entity)
    : (RETENTIONS[entity.type]?.(entity) ?? ['not known']);
  return words.join('; ');
}

/** The name that people know it by: the written one, or its logical id. */
export function calledOf({ entity }: Store): string {
  const name = nameOf(entity);
  return name.startsWith('«') ? entity.logicalId : name;
}

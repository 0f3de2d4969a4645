import { choices } from '../../release/guard/values';
import type { RenderedResource } from './rule';
import { at, list, record } from './values';

/** Types whose own policies say what an identity may do, inline. */
export const INLINE_POLICIES = [
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
];
/** Types that identities are of. */
export const IDENTITIES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];
/** Types whose policies say what an identity may do. */
export const IDENTITY_POLICIES = [...INLINE_POLICIES, 'AWS::IAM::ManagedPolicy', ...IDENTITIES];

/** Where a resource's own policies stand, by type; a list on the way is each of its parts. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  'AWS::Backup::BackupVault': ['AccessPolicy'],
  'AWS::DynamoDB::GlobalTable': [
    'Replicas.ResourcePolicy.PolicyDocument',
    'Replicas.ReplicaStreamSpecification.ResourcePolicy.PolicyDocument',
  ],
  'AWS::DynamoDB::Table': [
    'ResourcePolicy.PolicyDocument',
    'StreamSpecification.ResourcePolicy.PolicyDocument',
  ],
  'AWS::EC2::VPCEndpoint': ['PolicyDocument'],
  'AWS::ECR::RegistryPolicy': ['PolicyText'],
  'AWS::ECR::Repository': ['RepositoryPolicyText'],
  'AWS::IAM::Role': ['AssumeRolePolicyDocument'],
  'AWS::Kinesis::ResourcePolicy': ['ResourcePolicy'],
  'AWS::KMS::Key': ['KeyPolicy'],
  'AWS::KMS::ReplicaKey': ['KeyPolicy'],
  'AWS::Logs::ResourcePolicy': ['PolicyDocument'],
  'AWS::S3::AccessPoint': ['Policy'],
  'AWS::S3::BucketPolicy': ['PolicyDocument'],
  'AWS::SecretsManager::ResourcePolicy': ['ResourcePolicy'],
  'AWS::SNS::TopicInlinePolicy': ['PolicyDocument'],
  'AWS::SNS::TopicPolicy': ['PolicyDocument'],
  'AWS::SQS::QueueInlinePolicy': ['PolicyDocument'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument'],
};
const BUS = 'AWS::Events::EventBusPolicy';

/** Types that have a policy of their own, which says whom they let in. */
export const RESOURCE_POLICIES: readonly string[] = [...Object.keys(PLACES), BUS];

/** The one statement of an event bus: whole, or as a principal with a condition of its own form. */
function statementOfBus({ Statement, Principal, Condition }: Readonly<Record<string, unknown>>): unknown {
  const { Type, Key, Value } = record(Condition);
  return (
    Statement ?? {
      Effect: 'Allow',
      Principal,
      ...(Condition !== undefined && { Condition: { [String(Type)]: { [String(Key)]: Value } } }),
    }
  );
}

/** A resource's own policies, each with where it stands. */
export function resourcePolicies({ Type, Properties = {} }: RenderedResource): readonly Policy[] {
  if (Type === BUS)
    return [{ location: 'Properties.Statement', document: { Statement: statementOfBus(Properties) } }];
  return (PLACES[Type] ?? []).flatMap((place) =>
    reach(Properties, place.split('.')).map((document) => ({ location: `Properties.${place}`, document })),
  );
}

function reach(value: unknown, [name, ...rest]: readonly string[]): readonly unknown[] {
  return name === undefined ? [value] : choices(at(value, name)).flatMap((one) => reach(one, rest));
}

/** What a resource of IAM may do, inline policies of a role included; its trust policy is not among it. */
export function identityPolicies({ Type, Properties = {} }: RenderedResource): readonly Policy[] {
  if (!IDENTITY_POLICIES.includes(Type)) return [];
  return [
    ...list(Properties['PolicyDocument']).map((document) => ({
      ...{ location: 'Properties.PolicyDocument', document },
    })),
    ...choices(Properties['Policies']).map((policy) => ({
      ...{ location: 'Properties.Policies', document: at(policy, 'PolicyDocument') },
    })),
  ];
}

/** A policy document and where it stands. */
export interface Policy {
  /** Path of properties. */
  readonly location: string;
  /** As it is written. */
  readonly document: unknown;
}

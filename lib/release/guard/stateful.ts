import { expiresEarlier } from './expiry';
import { weakenedIn } from './harm';
import { keptLess } from './keeping';
import type { ChangeSet, Found } from './model';
import { regrouped } from './parameter-groups';
import { KEEPERS } from './protections';

/** Resources that hold what cannot be made again: data, keys, people, records. */
export const STATEFUL: ReadonlySet<string> = new Set([
  'AWS::Backup::BackupVault',
  'AWS::Cognito::UserPool',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::EC2::Volume',
  'AWS::ECR::Repository',
  'AWS::EFS::FileSystem',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::Events::Archive',
  'AWS::KMS::Key',
  'AWS::KMS::ReplicaKey',
  'AWS::Kinesis::Stream',
  'AWS::Logs::LogGroup',
  'AWS::OpenSearchService::Domain',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::RDS::GlobalCluster',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::SSM::Parameter',
  'AWS::SecretsManager::Secret',
]);

/** Stateful resources that a change set makes anew or takes away, and what anything keeps less from then on. */
export function statefulChanges(set: ChangeSet): readonly Found[] {
  return [...lost(set), ...weakened(set)];
}

/** Both templates are asked: CloudFormation lists no change of a deletion policy alone. */
function weakened(set: ChangeSet): readonly Found[] {
  const { before, after } = set;
  return Object.entries(after).flatMap(([id, is]) => {
    const was = before[id];
    if (was?.Type !== is.Type) return [];
    return [
      ...keptLess(was, is).map((change) => found(id, change, `It would ${change}.`)),
      ...[...weakenedIn(was, is), ...regrouped(was, is, set), ...expiresEarlier(was, is)].map(
        ({ change, harm }) => found(id, change, `It would ${change}: ${harm}.`),
      ),
    ];
  });
}

function lost({ changes }: ChangeSet): readonly Found[] {
  return changes.flatMap(({ action, id, type, replacement, policy, properties }) => {
    const ends = KEEPERS[type];
    if (action === 'Remove' && ends !== undefined)
      return [found(id, 'delete', `It leaves the stack. ${ends}`)];
    if (!STATEFUL.has(type)) return [];
    if (action === 'Remove') return [found(id, 'delete', `It leaves the stack. ${fate(policy)}`)];
    if (action === 'Add' || action === 'Import' || replacement === 'False') return [];
    const sure = replacement === 'True' ? 'It is' : 'It may be';
    const why = properties.length === 0 ? '' : ` since ${properties.join(', ')} changes`;
    return [found(id, 'replace', `${sure} made anew and empty${why}. ${fate(policy)}`)];
  });
}

function fate(policy: string | undefined): string {
  if (policy === undefined || policy === 'Delete' || policy === 'ReplaceAndDelete')
    return 'What it holds is deleted, unless its deletion policy says otherwise.';
  return policy.includes('Snapshot')
    ? 'What it holds is left as a snapshot, out of use.'
    : 'What it holds is left behind, out of the stack and out of use.';
}

function found(id: string, change: string, words: string): Found {
  return { kind: 'data', id, change, words };
}

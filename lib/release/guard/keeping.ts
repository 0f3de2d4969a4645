import type { TemplateResource } from './model';
import { listOf, show } from './values';

type Policy = 'DeletionPolicy' | 'UpdateReplacePolicy';
const POLICIES: readonly Policy[] = ['DeletionPolicy', 'UpdateReplacePolicy'];
const STRENGTH: Readonly<Record<string, number>> = {
  Delete: 0,
  Snapshot: 1,
  RetainExceptOnCreate: 2,
  Retain: 2,
};
const PROTECTIONS = ['DeletionProtection', 'DeletionProtectionEnabled'] as const;
const ON: readonly unknown[] = [true, 'true', 'ACTIVE'];

/** How a change keeps a resource's data less: in words, the same for the same change. */
export function keptLess(was: TemplateResource, is: TemplateResource): readonly string[] {
  const policies = POLICIES.flatMap((name) => {
    const [old, now] = [policyOf(was, name), policyOf(is, name)];
    return (STRENGTH[now] ?? 0) < (STRENGTH[old] ?? 0) ? [`take ${name} from ${old} to ${now}`] : [];
  });
  return isProtected(was) && !isProtected(is) ? [...policies, 'drop its protection from deletion'] : policies;
}

/** What CloudFormation does where nothing is written: databases leave a snapshot when they are deleted. */
function policyOf(resource: TemplateResource, name: Policy): string {
  const { Type, Properties = {} } = resource;
  const ofItself = Type === 'AWS::RDS::DBInstance' && Properties.DBClusterIdentifier === undefined;
  const snapshot = name === 'DeletionPolicy' && (Type === 'AWS::RDS::DBCluster' || ofItself);
  return show(resource[name] ?? (snapshot ? 'Snapshot' : 'Delete'));
}

function isProtected({ Properties = {} }: TemplateResource): boolean {
  const replicas = listOf(Properties.Replicas) as readonly Readonly<Record<string, unknown>>[];
  const all = [Properties, ...replicas];
  return all.some((one) => PROTECTIONS.some((name) => ON.includes(one[name])));
}

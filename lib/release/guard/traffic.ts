import type { ChangeSet, Found } from './model';

const SERVICE = 'AWS::ECS::Service';
/** CodeDeploy rewrites what these forward to, outside CloudFormation. */
const ROUTES = ['AWS::ElasticLoadBalancingV2::Listener', 'AWS::ElasticLoadBalancingV2::ListenerRule'];
/** What a deployment works with while it runs: alarms and groups that change under it change what it does. */
const IN_USE = ['AWS::CodeDeploy::DeploymentGroup', 'AWS::ElasticLoadBalancingV2::TargetGroup'];
/** Made anew, these take the traffic with them. */
const UNDER_IT = [
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ECS::Cluster',
];

/**
 * What a change set does to the way of the traffic. Once CodeDeploy has made a release, nobody can tell from a template
 * which group has the traffic, so any change of what is there counts; making it for the first time does not. While a deployment
 * runs, what it works with counts as well, and a new listener or rule, which could take the traffic from both versions.
 */
export function trafficChanges(
  { changes }: ChangeSet,
  { running }: { readonly running?: string } = {},
): readonly Found[] {
  return changes.flatMap(({ action, id, type, replacement, properties }) => {
    if (action === 'Add')
      return running !== undefined && ROUTES.includes(type)
        ? [found(id, 'add', 'A new way for the traffic could take it from both versions.')]
        : [];
    const gone = action === 'Remove' ? 'remove' : replacement === 'False' ? 'touch' : 'replace';
    const what = properties.length === 0 ? '' : ` (${properties.join(', ')})`;
    if (type === SERVICE)
      return [
        found(
          id,
          gone,
          `CodeDeploy owns the service: CloudFormation cannot change it${what} and the stack would fail half-way.`,
        ),
      ];
    if (ROUTES.includes(type))
      return [
        found(
          id,
          gone,
          `CodeDeploy has moved what this forwards to: CloudFormation would put the template's group back${what}, and the traffic may go to no task.`,
        ),
      ];
    if (running !== undefined && IN_USE.includes(type))
      return [found(id, gone, `The deployment that runs works with it${what}.`)];
    if (UNDER_IT.includes(type) && gone !== 'touch')
      return [
        found(id, gone, `The traffic goes over it: to ${gone} it takes the service away from its users.`),
      ];
    return [];
  });
}

function found(id: string, change: string, words: string): Found {
  return { kind: 'traffic', id, change, words };
}

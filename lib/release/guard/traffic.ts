import type { ChangeSet, Found } from './model';

const SERVICE = 'AWS::ECS::Service';
/** CodeDeploy rewrites what these forward to, outside CloudFormation. */
const ROUTES = ['AWS::ElasticLoadBalancingV2::Listener', 'AWS::ElasticLoadBalancingV2::ListenerRule'];
/** Made anew, these take the traffic with them. */
const UNDER_IT = [
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ECS::Cluster',
];

/**
 * What a change set does to the way of the traffic. Once CodeDeploy has made a release, nobody can tell from a template
 * which group has the traffic, so any change of what is there counts; making it for the first time does not.
 */
export function trafficChanges({ changes }: ChangeSet): readonly Found[] {
  return changes.flatMap(({ action, id, type, replacement, properties }) => {
    if (action === 'Add') return [];
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

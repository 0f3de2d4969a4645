import { AspectPriority, Aspects, type IAspect } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';

/** Renders under the same condition as the inline policy it stands for: a grant that nobody used leaves no resource. */
class StandInPolicy extends iam.CfnManagedPolicy {
  constructor(
    private readonly original: iam.CfnPolicy,
    scope: Construct,
    id: string,
  ) {
    super(scope, id, {
      policyDocument: original.policyDocument as unknown,
      ...(original.roles && { roles: original.roles }),
      ...(original.users && { users: original.users }),
      ...(original.groups && { groups: original.groups }),
    });
  }

  protected override shouldSynthesize(): boolean {
    return (this.original as unknown as { shouldSynthesize(): boolean }).shouldSynthesize();
  }
}

class ManagedPolicies implements IAspect {
  visit(node: IConstruct): void {
    const parent = node.node.scope;
    if (!(node instanceof iam.CfnPolicy) || !(parent instanceof Construct)) return;
    const { id } = node.node;
    parent.node.tryRemoveChild(id);
    const standIn = new StandInPolicy(node, parent, id);
    for (const dependency of node.obtainDependencies()) standIn.node.addDependency(dependency);
  }
}

/**
 * Turns every inline policy under the scope into a managed one (HIPAA rule IAMNoInlinePolicy), those that `grant*`
 * makes included. The construct path stays, so what depends on the policy still does.
 * @param scope - a Stage or Stack; aspects do not reach into Stages further down
 */
export function useManagedPolicies(scope: IConstruct): void {
  Aspects.of(scope).add(new ManagedPolicies(), { priority: AspectPriority.MUTATING });
}

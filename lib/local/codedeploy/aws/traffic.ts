import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Forwarding } from '../../load-balancer/load-balancer';
import { callSupervisor, type Control } from '../../supervisor';
import type { Share, Traffic } from '../ports';
import { groupArn, groupName } from './task-sets';

/**
 * Traffic of the local load balancer. The emulator keeps one target group of a forward and no weights: those stand in
 * the load balancer, and the emulator's listener is changed when the traffic is settled.
 */
export class LocalTraffic implements Traffic {
  constructor(
    private readonly control: () => Control,
    private readonly elb: ElasticLoadBalancingV2Client,
  ) {}

  async routes(listenerArn: string, groups: readonly string[]): Promise<readonly (readonly Share[])[]> {
    const found = await this.forwards(listenerArn, groups);
    return found.map((route) =>
      route.groups.map(({ targetGroupArn, weight }) => ({ group: groupName(targetGroupArn), weight })),
    );
  }

  async send(listenerArn: string, shares: readonly Share[], settled: boolean): Promise<void> {
    const weighted = await Promise.all(
      shares.map(async ({ group, weight }) => ({ targetGroupArn: await groupArn(this.elb, group), weight })),
    );
    const names = shares.map(({ group }) => group);
    for (const { arn } of await this.forwards(listenerArn, names)) {
      const set = (): Promise<unknown> =>
        callSupervisor(this.control(), 'weights', { arn, groups: weighted });
      // The weights first: what the emulator then forgets of them leads to the same group.
      await set();
      const main = weighted.find(({ weight }) => weight > 0)?.targetGroupArn;
      if (!settled || main === undefined) continue;
      await this.point(listenerArn, arn, main);
      await callSupervisor(this.control(), 'forwards', { listenerArn });
      await set();
    }
  }

  /** The forwards that lead to one of the groups. */
  private async forwards(listenerArn: string, names: readonly string[]): Promise<readonly Forwarding[]> {
    const all = (await callSupervisor(this.control(), 'forwards', { listenerArn })) as readonly Forwarding[];
    return all.filter(({ groups }) =>
      groups.some(({ targetGroupArn }) => names.includes(groupName(targetGroupArn))),
    );
  }

  private async point(listenerArn: string, arn: string, targetGroupArn: string): Promise<void> {
    const redirected = (actions: readonly Action[] | undefined): Action[] =>
      (actions ?? []).map((action) =>
        action.Type === 'forward' ? { Type: 'forward', TargetGroupArn: targetGroupArn } : action,
      );
    if (arn === listenerArn) {
      const { Listeners = [] } = await this.elb.send(
        new DescribeListenersCommand({ ListenerArns: [listenerArn] }),
      );
      const DefaultActions = redirected(Listeners[0]?.DefaultActions);
      await this.elb.send(new ModifyListenerCommand({ ListenerArn: listenerArn, DefaultActions }));
      return;
    }
    const { Rules = [] } = await this.elb.send(new DescribeRulesCommand({ RuleArns: [arn] }));
    await this.elb.send(new ModifyRuleCommand({ RuleArn: arn, Actions: redirected(Rules[0]?.Actions) }));
  }
}

import type { TargetAddress, TargetGroup } from './model';
import { Target, type Resolve } from './target';

/** The key of a target within its group. */
function keyOf({ id, port }: TargetAddress): string {
  return `${id}:${port}`;
}

/** The targets of one group: who is registered, who is well, who is next. */
export class TargetPool {
  private readonly targets = new Map<string, Target>();
  private readonly draining = new Map<string, Promise<void>>();
  private readonly leaving = new Set<Target>();
  private turn = 0;

  constructor(
    private group: TargetGroup,
    private readonly resolve: Resolve,
  ) {
    this.follow(group);
  }

  /** The group as it was last followed. */
  get current(): TargetGroup {
    return this.group;
  }

  /** Takes over changed settings, new targets and the loss of old ones. */
  follow(group: TargetGroup): void {
    this.group = group;
    const registered = new Map(group.targets.map((target) => [keyOf(target), target]));
    for (const [key, target] of this.targets)
      if (registered.has(key)) target.follow(group.healthCheck);
      else this.takeOut(key, target);
    for (const [key, address] of registered)
      if (!this.targets.has(key))
        this.targets.set(key, new Target(address, group.protocol, group.healthCheck, this.resolve));
  }

  /**
   * The target for the next request. When none is healthy the unhealthy ones are asked all the same, as ELB
   * does; nothing when none is registered or all are still new.
   */
  pick(): Target | undefined {
    const all = [...this.targets.values()];
    const healthy = all.filter((target) => target.state === 'healthy');
    const candidates = healthy.length > 0 ? healthy : all.filter((target) => target.state === 'unhealthy');
    if (candidates.length === 0) return undefined;
    if (this.group.algorithm === 'least_outstanding_requests')
      return candidates.reduce((least, target) => (target.inFlight < least.inFlight ? target : least));
    this.turn += 1;
    return candidates[this.turn % candidates.length];
  }

  /** Every target, those that are leaving included. */
  all(): readonly Target[] {
    return [...this.targets.values(), ...this.leaving];
  }

  /** The registered target at this address. */
  find(address: TargetAddress): Target | undefined {
    return this.targets.get(keyOf(address));
  }

  /** Waits until a target that was taken out has finished its requests or run out of time. */
  async drained(address: TargetAddress): Promise<void> {
    await this.draining.get(keyOf(address));
  }

  /** Cuts everything. */
  close(): void {
    for (const target of this.all()) target.close();
    this.targets.clear();
  }

  private takeOut(key: string, target: Target): void {
    this.targets.delete(key);
    this.leaving.add(target);
    const gone = target.drain(this.group.deregistrationDelaySeconds).then(() => {
      this.leaving.delete(target);
      this.draining.delete(key);
    });
    this.draining.set(key, gone);
  }
}

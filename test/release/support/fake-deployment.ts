/** What a deployment of the fake does. Times are milliseconds since it was created. */
export interface Plan {
  /** A step that fails at its end, and what is said of it. */
  readonly failsAt?: { readonly event: string; readonly message: string };
  /** When an alarm stops it. */
  readonly alarmAt?: number;
  /** How long the old version is kept. */
  readonly bakeMs?: number;
  /** A word for the status while it runs. */
  readonly runningStatus?: string;
  /** A step that never ends. */
  readonly hangsAt?: string;
  /** How the way back goes. */
  readonly wayBack?: 'told' | 'told-late' | 'listed-only' | 'never' | 'fails';
  /** Whether CodeDeploy goes back by itself. */
  readonly rollsBack?: boolean;
}

const STEPS: readonly (readonly [string, number])[] = [
  ['BeforeInstall', 500],
  ['Install', 4_000],
  ['AfterInstall', 500],
  ['AllowTestTraffic', 1_000],
  ['AfterAllowTestTraffic', 3_000],
  ['BeforeAllowTraffic', 2_000],
  ['AllowTraffic', 6_000],
  ['AfterAllowTraffic', 500],
];
const START_MS = 1_000;
const TOLD_LATE_MS = 5_000;
const WAY_BACK_MS = 2_000;

/** A deployment as it is at any moment; what happens to it from outside is `stoppedAt`. */
export class FakeDeployment {
  stoppedAt: number | undefined;

  constructor(
    readonly id: string,
    readonly createdAt: number,
    readonly taskDefinition: string,
    readonly sha256: string,
    readonly description: string,
    readonly plan: Plan,
    readonly takesBack?: FakeDeployment,
  ) {}

  /** When it is over, and how; nothing when it hangs. */
  end(): { readonly at: number; readonly status: string; readonly code?: string } | undefined {
    const { plan } = this;
    if (this.takesBack)
      return {
        at: this.createdAt + WAY_BACK_MS,
        status: this.takesBack.plan.wayBack === 'fails' ? 'Failed' : 'Succeeded',
      };
    const ends: { at: number; status: string; code?: string }[] = [];
    let at = START_MS;
    let hangs = false;
    for (const [event, took] of STEPS) {
      if (plan.hangsAt === event) hangs = true;
      at += took;
      if (plan.failsAt?.event === event && !hangs)
        ends.push({ at, status: 'Failed', code: 'HOOK_EXECUTION_FAILURE' });
    }
    if (!hangs) ends.push({ at: at + (plan.bakeMs ?? 3_000), status: 'Succeeded' });
    if (plan.alarmAt !== undefined) ends.push({ at: plan.alarmAt, status: 'Stopped', code: 'ALARM_ACTIVE' });
    if (this.stoppedAt !== undefined)
      ends.push({ at: this.stoppedAt - this.createdAt, status: 'Stopped', code: 'MANUAL_STOP' });
    const first = ends.sort((one, other) => one.at - other.at)[0];
    return first && { ...first, at: first.at + this.createdAt };
  }

  over(now: number): ReturnType<FakeDeployment['end']> {
    const end = this.end();
    return end && end.at <= now ? end : undefined;
  }

  /** Its steps at a moment, on the wire. */
  events(now: number, seconds: (at: number) => number): object[] {
    if (this.takesBack) return [];
    const over = this.over(now);
    const moment = over?.at ?? now;
    let begins = this.createdAt + START_MS;
    return STEPS.map(([lifecycleEventName, took]) => {
      const ends = this.plan.hangsAt === lifecycleEventName ? Infinity : begins + took;
      const from = begins;
      begins = ends;
      if (moment < from || (over && moment === from))
        return { lifecycleEventName, status: over ? 'Skipped' : 'Pending' };
      const failed = over && over.status === 'Failed' && ends === over.at;
      const done = ends <= moment;
      return {
        lifecycleEventName,
        startTime: seconds(from),
        ...(done && { endTime: seconds(ends) }),
        status: failed ? 'Failed' : done ? 'Succeeded' : over ? 'Skipped' : 'InProgress',
        ...(failed && { diagnostics: { errorCode: 'ScriptFailed', message: this.plan.failsAt?.message } }),
      };
    });
  }

  /** Share of the new version at a moment: a canary of 10 % for five seconds. */
  weight(now: number): number {
    const over = this.over(now);
    const since = (over?.at ?? now) - this.createdAt;
    if (this.plan.hangsAt !== undefined) return 0;
    const shift = START_MS + STEPS.slice(0, 6).reduce((sum, [, took]) => sum + took, 0);
    return since <= shift ? 0 : since < shift + 5_000 ? 10 : 100;
  }

  get installed(): boolean {
    const end = this.end();
    return end === undefined || end.at - this.createdAt > START_MS + 500;
  }

  /** Whether what took it back is told of in itself yet. */
  tellsOfWayBack(now: number): boolean {
    const over = this.over(now);
    if (!over) return false;
    const how = this.plan.wayBack ?? 'told';
    return how === 'told' || how === 'fails' || (how === 'told-late' && now >= over.at + TOLD_LATE_MS);
  }
}

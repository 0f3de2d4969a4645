import type { Deployment, EventName, LifecycleEvent } from '../model/deployment';
import type { Clock, Estate, ServiceName } from '../ports';
import type { Switches } from '../switches';
import { type Ended, failed } from './ended';

/** How fast and how a deployment goes; may change while one runs. */
export interface Behaviour {
  /** How many times faster than AWS every wait is: intervals, bakes. */
  readonly speed: number;
  /** The same for the limits of hooks, installation and notifications. */
  readonly limitSpeed: number;
  /** What the documentation leaves open. */
  readonly switches: Switches;
}

/** What a run is made from. */
export interface RunProps {
  /** What runs; changed as it goes. */
  readonly deployment: Deployment;
  /** What stands behind CodeDeploy. */
  readonly estate: Estate;
  /** Time. */
  readonly clock: Clock;
  /** See {@link Behaviour}. */
  readonly behaviour: () => Behaviour;
  /** Keeps the deployment as it is now. */
  readonly save: () => void;
}

/** A deployment that runs: its waits, and what ends them early. */
export class Run {
  /** What runs. */
  readonly deployment: Deployment;
  /** What stands behind CodeDeploy. */
  readonly estate: Estate;
  private readonly halt = new AbortController();
  private wake: () => void = () => undefined;
  private held = false;
  /** Whether it was let go of. */
  left = false;

  constructor(private readonly props: RunProps) {
    this.deployment = props.deployment;
    this.estate = props.estate;
  }

  /** Time. */
  get clock(): Clock {
    return this.props.clock;
  }

  /** See {@link Behaviour}. */
  get behaviour(): Behaviour {
    return this.props.behaviour();
  }

  /** The service that is released. */
  get service(): ServiceName {
    const [service] = this.deployment.group.ecsServices;
    return { cluster: service?.clusterName ?? '', service: service?.serviceName ?? '' };
  }

  /** Keeps what was changed. */
  save(): void {
    if (!this.left) this.props.save();
  }

  /** Never goes on, and keeps nothing more. */
  leave(): void {
    this.left = true;
    this.interrupt(failed('INTERNAL_ERROR', 'The stand-in was stopped.'));
  }

  /** Ends it at its next wait, or in the one that it is in. */
  interrupt(why: Ended): void {
    if (!this.halt.signal.aborted) this.halt.abort(why);
    this.wake();
  }

  /** Looks again at what it waits for. */
  poke(): void {
    this.wake();
  }

  /** Throws what ended it, if something did. */
  goOn(): void {
    if (this.halt.signal.aborted && !this.held) throw this.halt.signal.reason as Ended;
  }

  /** Lets nothing end it while `work` goes on; whatever asked meanwhile ends it afterwards. */
  async undisturbed<T>(work: () => Promise<T>): Promise<T> {
    this.held = true;
    try {
      return await work();
    } finally {
      this.held = false;
    }
  }

  /**
   * Waits until something is so, or for so many seconds of the cloud's.
   *
   * @returns whether it is so
   * @throws Ended when it was interrupted
   */
  async until(ready: () => boolean, seconds: number, kind: 'wait' | 'limit'): Promise<boolean> {
    const { deployment, clock } = this;
    const { speed, limitSpeed } = this.behaviour;
    deployment.waitSince ??= clock.now();
    this.save();
    const end = deployment.waitSince + (seconds * 1000) / (kind === 'wait' ? speed : limitSpeed);
    try {
      for (;;) {
        this.goOn();
        const left = end - clock.now();
        if (ready()) return true;
        if (left <= 0) return false;
        const alarm = new AbortController();
        this.wake = () => alarm.abort();
        await clock.sleep(left, alarm.signal);
      }
    } finally {
      this.wake = () => undefined;
      if (!this.left) delete deployment.waitSince;
    }
  }

  /** The event of this name. */
  event(name: EventName): LifecycleEvent {
    const found = this.deployment.events.find((event) => event.name === name);
    if (found === undefined) throw new Error(`The deployment has no event ${name}.`);
    return found;
  }

  /** Keeps the time and the status of an event. */
  mark(event: LifecycleEvent, status: LifecycleEvent['status']): void {
    const now = this.clock.now();
    event.status = status;
    event.startTime ??= now;
    if (status !== 'InProgress') event.endTime = now;
    this.save();
  }
}

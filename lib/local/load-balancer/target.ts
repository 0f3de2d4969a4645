import * as http from 'node:http';
import * as https from 'node:https';
import type { HealthCheck, TargetAddress } from './model';

/** States of a target, as ELB names them. */
export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'draining';

/** Where a target really listens on this machine; nothing when its address belongs to no task. */
export type Resolve = (target: TargetAddress) => { readonly host: string; readonly port: number } | undefined;

/** How often a target that has not passed yet is asked: ELB too asks new targets sooner than by the interval. */
const INITIAL_INTERVAL_MILLISECONDS = 500;

/** Whether a status code is among those of a matcher such as `200`, `200,204` or `200-299`. */
function passes(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return from !== undefined && to !== undefined && status >= from && status <= to;
  });
}

/** One registered target: its health, and the requests that it is answering. */
export class Target {
  /** Its health, as the last checks say. */
  state: TargetState = 'initial';
  /** Why it is not healthy, as ELB words it; empty when it is. */
  reason = 'Elb.RegistrationInProgress';
  /** Connections kept to it. */
  readonly agent: http.Agent;
  private readonly open = new Set<{ destroy(): void }>();
  private readonly since = Date.now();
  private streak = 0;
  private closed = false;
  private timer: NodeJS.Timeout | undefined;
  private onIdle: (() => void) | undefined;

  constructor(
    /** What was registered. */
    readonly address: TargetAddress,
    /** Protocol towards it. */
    readonly protocol: 'HTTP' | 'HTTPS',
    private check: HealthCheck,
    private readonly resolve: Resolve,
  ) {
    const secure = protocol === 'HTTPS';
    // A load balancer does not verify its targets' certificates: ELB's documentation says so.
    this.agent = secure
      ? new https.Agent({ keepAlive: true, rejectUnauthorized: false })
      : new http.Agent({ keepAlive: true });
    this.schedule(0);
  }

  /** Requests that it is answering. */
  get inFlight(): number {
    return this.open.size;
  }

  /** Where it listens on this machine. */
  location(): { readonly host: string; readonly port: number } | undefined {
    return this.resolve(this.address);
  }

  /** Follows a changed health check. */
  follow(check: HealthCheck): void {
    this.check = check;
  }

  /** Counts a request or connection until the returned function is called. */
  began(connection: { destroy(): void }): () => void {
    this.open.add(connection);
    return () => {
      this.open.delete(connection);
      if (this.open.size === 0) this.onIdle?.();
    };
  }

  /** Takes it out: no new requests, `seconds` for those it has, then they are cut. */
  async drain(seconds: number): Promise<void> {
    this.state = 'draining';
    this.reason = 'Target.DeregistrationInProgress';
    clearTimeout(this.timer);
    if (this.open.size > 0)
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, seconds * 1000);
        this.onIdle = () => {
          clearTimeout(limit);
          resolve();
        };
      });
    this.close();
  }

  /** Cuts every connection and stops checking. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const connection of this.open) connection.destroy();
    this.agent.destroy();
  }

  private schedule(milliseconds: number): void {
    this.timer = setTimeout(() => {
      void this.probe().then((failure) => {
        if (this.closed || this.state === 'draining') return;
        this.judge(failure);
        this.schedule(
          this.state === 'initial' ? INITIAL_INTERVAL_MILLISECONDS : this.check.intervalSeconds * 1000,
        );
      });
    }, milliseconds);
  }

  private judge(failure: string | undefined): void {
    const { check } = this;
    if (failure === undefined) {
      this.streak = Math.max(0, this.streak) + 1;
      // A new target is healthy after one pass, as ELB documents.
      if (this.state !== 'initial' && this.streak < check.healthyThreshold) return;
      this.state = 'healthy';
      this.reason = '';
      return;
    }
    this.streak = Math.min(0, this.streak) - 1;
    // A new target is asked oftener than by the interval, so time decides there and not the count.
    const given = check.unhealthyThreshold * check.intervalSeconds * 1000;
    const lost =
      this.state === 'initial' ? Date.now() - this.since >= given : -this.streak >= check.unhealthyThreshold;
    if (lost) this.state = 'unhealthy';
    if (this.state !== 'healthy') this.reason = failure;
  }

  /** Asks once; answers what was wrong. */
  private async probe(): Promise<string | undefined> {
    if (!this.check.enabled) return undefined;
    const location = this.location();
    if (location === undefined) return 'Target.NotReachable: nothing on this machine has that address';
    const { check } = this;
    const request = check.protocol === 'HTTPS' ? https.request : http.request;
    return new Promise((resolve) => {
      const outgoing = request(
        {
          ...location,
          path: check.path,
          method: 'GET',
          headers: { 'user-agent': 'ELB-HealthChecker/2.0', connection: 'close' },
          rejectUnauthorized: false,
          agent: false,
          timeout: check.timeoutSeconds * 1000,
        },
        (response) => {
          response.resume();
          const status = response.statusCode ?? 0;
          resolve(
            passes(check.matcher, status)
              ? undefined
              : `Target.ResponseCodeMismatch: health checks failed with code ${status}`,
          );
        },
      );
      outgoing.once('timeout', () => {
        resolve('Target.Timeout: request timed out');
        outgoing.destroy();
      });
      outgoing.once('error', (error) => resolve(`Target.FailedHealthChecks: ${error.message}`));
      outgoing.end();
    });
  }
}

import type { Balancing, Service } from './model';
import type { Surroundings } from './surroundings';
import { lastLines, Task } from './task';
import type { TaskSetEntry } from './task-set-book';

/** How a service does; of one that CodeDeploy owns, how one of its task sets does. */
export interface ServiceStatus {
  /** Name. */
  readonly name: string;
  /** Tasks there shall be. */
  readonly desired: number;
  /** Family and revision that it shall run. */
  readonly revision: string;
  /** Tasks of that revision that are well, for the container and for the load balancer. */
  readonly healthy: number;
  /** Tasks that are being started. */
  readonly pending: number;
  /** Tasks that run. */
  readonly running: number;
  /** Tasks that run or are being started or stopped. */
  readonly tasks: readonly TaskReport[];
  /** What happened last, newest first. */
  readonly events: readonly string[];
  /** The task set that this is, of a service that CodeDeploy owns. */
  readonly taskSet?: TaskSetEntry;
}

/** One task of a service. */
export interface TaskReport {
  /** Id. */
  readonly id: string;
  /** Family and revision. */
  readonly revision: string;
  /** Its status. */
  readonly status: string;
  /** Its container's health and its health at the load balancer. */
  readonly health: string;
  /** Its process. */
  readonly pid?: number;
  /** File that its output is in. */
  readonly log: string;
}

/** Longest pause before another try, in milliseconds; ECS too waits longer after each failure. */
const LONGEST_PAUSE = 30_000;
const KEPT_EVENTS = 20;

function short(revision: string): string {
  return revision.split('/').at(-1) ?? revision;
}

/** Keeps one service at its number of tasks, and replaces them one revision by the next. */
export class ServiceRunner {
  private readonly tasks = new Set<Task>();
  private readonly events: string[] = [];
  private readonly judged = new WeakSet<Task>();
  private failures = 0;
  private pausedUntil = 0;
  private closed = false;
  private readonly starts = new Set<Promise<void>>();

  constructor(
    private service: Service,
    private readonly around: Surroundings,
    private readonly balancing: Balancing,
  ) {}

  /** Its tasks, those on their way out included. */
  all(): readonly Task[] {
    return [...this.tasks];
  }

  /** Takes over the service's present state, and takes the next step towards it. Never waits for a task. */
  step(service: Service = this.service): void {
    if (this.closed) return;
    this.service = service;
    this.bury();
    const wanted = service.definition.taskDefinitionArn;
    const living = [...this.tasks].filter(({ status }) => status === 'PENDING' || status === 'RUNNING');
    const current = living.filter((task) => task.revision === wanted);
    const old = living.filter((task) => task.revision !== wanted);
    for (const task of living) this.judge(task);

    if (current.length < service.desired && Date.now() >= this.pausedUntil) {
      for (let i = current.length; i < service.desired; i += 1) this.begin();
    }
    for (const task of current.slice(service.desired)) this.end(task, 'Scaling activity initiated');
    const healthy = current.filter((task) => this.isHealthy(task));
    if (healthy.length >= service.desired) {
      if (healthy.length > 0) this.failures = 0;
      for (const task of old) this.end(task, 'Scaling activity initiated by a new deployment');
    }
  }

  /** Ends all of it, for good: what is being started too, and no step begins anything after. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.tasks].map((task) => task.stop('Service stopped')));
    await Promise.all(this.starts);
  }

  /** How it does. */
  status(): ServiceStatus {
    const { desired, definition, name } = this.service;
    const wanted = definition.taskDefinitionArn ?? '';
    return {
      name,
      desired,
      revision: short(wanted),
      healthy: [...this.tasks].filter((task) => task.revision === wanted && this.isHealthy(task)).length,
      pending: [...this.tasks].filter(({ status }) => status === 'PENDING').length,
      running: [...this.tasks].filter(({ status }) => status === 'RUNNING').length,
      tasks: [...this.tasks].map((task) => ({
        id: task.id,
        revision: short(task.revision),
        status: task.status,
        health: `container ${task.containerHealth}, target ${this.targetState(task) ?? 'not registered'}`,
        ...(task.process === undefined ? {} : { pid: task.process.pid }),
        log: task.logFile,
      })),
      events: this.events,
    };
  }

  private begin(): void {
    const task = new Task(this.service, this.around);
    this.tasks.add(task);
    this.tell(`started task ${task.id.slice(0, 8)} of ${short(task.revision)}`);
    const start = task.start().finally(() => this.starts.delete(start));
    this.starts.add(start);
  }

  private end(task: Task, reason: string): void {
    this.tell(`stops task ${task.id.slice(0, 8)} of ${short(task.revision)}: ${reason}`);
    task
      .stop(reason)
      .catch((error: unknown) => this.tell(`could not stop ${task.id.slice(0, 8)}: ${String(error)}`));
  }

  private targetState(task: Task): string | undefined {
    const { registration } = this.service;
    if (registration === undefined || task.address === undefined) return undefined;
    return this.balancing.stateOf(registration.targetGroupArn, task.address);
  }

  private isHealthy(task: Task): boolean {
    const balanced = this.service.registration === undefined || this.targetState(task) === 'healthy';
    return task.status === 'RUNNING' && task.containerHealth === 'HEALTHY' && balanced;
  }

  /** Replaces a task that its container's check, or after the grace period the load balancer, finds unwell. */
  private judge(task: Task): void {
    const graceOver = Date.now() - task.begun > this.service.graceSeconds * 1000;
    if (task.containerHealth === 'UNHEALTHY') this.fail(task, 'Task failed container health checks');
    else if (graceOver && this.targetState(task) === 'unhealthy')
      this.fail(task, 'Task failed ELB health checks');
  }

  private fail(task: Task, reason: string): void {
    this.pause();
    this.judged.add(task);
    this.end(task, reason);
  }

  /** Forgets tasks that are over; one that ended by itself makes the next try wait a little longer. */
  private bury(): void {
    for (const task of this.tasks) {
      if (task.status !== 'STOPPED') continue;
      this.tasks.delete(task);
      const unasked = /^(Essential|ResourceInit|Cannot)/.test(task.stoppedReason);
      if (!unasked || this.judged.has(task)) continue;
      const said = lastLines(task, 1);
      this.tell(
        `task ${task.id.slice(0, 8)} stopped: ${task.stoppedReason}${said === '' ? '' : ` · last line: ${said.slice(0, 300)}`}`,
      );
      this.pause();
    }
  }

  /** The first failure is mended at once; each after it waits twice as long. */
  private pause(): void {
    const wait = this.failures === 0 ? 0 : Math.min(LONGEST_PAUSE, 1000 * 2 ** (this.failures - 1));
    this.failures += 1;
    this.pausedUntil = Date.now() + wait;
  }

  private tell(event: string): void {
    this.events.unshift(`${new Date().toISOString()} ${event}`);
    this.events.length = Math.min(this.events.length, KEPT_EVENTS);
  }
}

import * as fs from 'node:fs';
import * as path from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { clientOptions, type LocalCloud } from '../cloud';
import type { TargetAddress } from '../load-balancer/model';
import { endProcess, type ProcessMark } from '../processes';
import { Addresses } from './addresses';
import { CredentialsServer } from './credentials-server';
import { Images } from './images';
import { Registry } from './registry';
import type { Balancing } from './model';
import { Roles } from './roles';
import { ServiceRunner, type ServiceStatus } from './service-runner';
import { readServices } from './services';
import type { Surroundings } from './surroundings';
import { TaskSetBook } from './task-set-book';
import { type ServiceRef, TaskSets } from './task-sets';

/** What the runner is made from. */
export interface TaskRunnerProps {
  /** The local AWS. */
  readonly cloud: LocalCloud;
  /** Folder of its state: images, logs, the list of processes. */
  readonly dir: string;
  /** Folder that the API is built into. */
  readonly builtApp: string;
  /**
   * Folder of what was pushed to registries.
   * @default - nothing was
   */
  readonly registry?: string | undefined;
}

/** Runs the tasks of every ECS service as processes of this machine. */
export class TaskRunner {
  /** Addresses of the tasks, for the load balancer. */
  readonly addresses: Addresses;
  /** What is done with the task sets of services that CodeDeploy owns. */
  readonly taskSets: TaskSets;
  private readonly runners = new Map<string, ServiceRunner>();
  private readonly ecs: ECSClient;
  private readonly elb: ElasticLoadBalancingV2Client;
  private readonly credentials = new CredentialsServer();
  private readonly processFile: string;
  private balancing: Balancing | undefined;
  private readonly swept = new Set<string>();
  private readonly ending = new Set<string>();
  private readonly book: TaskSetBook;
  private closed = false;
  private following: Promise<void> = Promise.resolve();

  constructor(private readonly props: TaskRunnerProps) {
    const options = clientOptions(props.cloud);
    this.ecs = new ECSClient(options);
    this.elb = new ElasticLoadBalancingV2Client(options);
    this.addresses = new Addresses(new EC2Client(options));
    this.processFile = path.join(props.dir, 'processes.json');
    fs.mkdirSync(props.dir, { recursive: true });
    this.book = new TaskSetBook(path.join(props.dir, 'task-sets.json'));
    this.taskSets = new TaskSets(this.ecs, this.book);
  }

  /** Ends what an earlier runner that was killed has left, and is ready then. */
  async open(balancing: Balancing): Promise<void> {
    this.balancing = balancing;
    await endLeftTasks(this.props.dir);
    await this.credentials.listen();
  }

  /** Follows the services: one step of each. Calls one after the other, never side by side. */
  follow(): Promise<void> {
    const next = this.following.then(() => this.take());
    this.following = next.catch(() => undefined);
    return next;
  }

  private async take(): Promise<void> {
    if (this.balancing === undefined) throw new Error('The task runner is not open.');
    await this.sweepTaskSets();
    const wanted = await this.taskSets.follow(await readServices(this.ecs));
    for (const { id } of this.taskSets.draining()) this.end(id);
    for (const [key, runner] of this.runners)
      if (!wanted.has(key) && !this.ending.has(key)) {
        this.runners.delete(key);
        void runner.close();
      }
    for (const [key, service] of wanted) {
      const runner = this.runners.get(key) ?? new ServiceRunner(service, this.surroundings(), this.balancing);
      this.runners.set(key, runner);
      if (service.registration !== undefined) await this.sweep(service.registration.targetGroupArn);
      if (this.closed) await runner.close();
      else if (!this.ending.has(key)) runner.step(service);
    }
  }

  /** How every service does, the PRIMARY task set of each before its others. */
  status(): readonly ServiceStatus[] {
    const entries = new Map(this.book.all().map((entry) => [entry.id, entry]));
    return [...this.runners]
      .map(([key, runner]) => {
        const taskSet = entries.get(key);
        return { ...runner.status(), ...(taskSet === undefined ? {} : { taskSet }) };
      })
      .sort((a, b) => Number(b.taskSet?.status === 'PRIMARY') - Number(a.taskSet?.status === 'PRIMARY'));
  }

  /** How the task sets of a service do. */
  statusOf(ref: ServiceRef): readonly ServiceStatus[] {
    const ids = new Set(this.taskSets.of(ref).map(({ id }) => id));
    return this.status().filter(({ taskSet }) => taskSet !== undefined && ids.has(taskSet.id));
  }

  /** Lets the tasks of a task set end, each as a task does; then it is forgotten. */
  private end(id: string): void {
    if (this.ending.has(id)) return;
    this.ending.add(id);
    const runner = this.runners.get(id);
    void (runner?.close() ?? Promise.resolve()).finally(() => {
      this.runners.delete(id);
      this.ending.delete(id);
      this.taskSets.ended(id);
    });
  }

  private async sweepTaskSets(): Promise<void> {
    for (const { targetGroupArn } of this.book.all()) await this.sweep(targetGroupArn).catch(() => undefined);
  }

  /** Ends every task. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.runners.values()].map((runner) => runner.close()));
    this.credentials.close();
    fs.rmSync(this.processFile, { force: true });
  }

  private surroundings(): Surroundings {
    const { cloud, dir, builtApp, registry } = this.props;
    const options = clientOptions(cloud);
    return {
      cloud,
      roles: new Roles(cloud, new IAMClient(options), new STSClient(options)),
      credentials: this.credentials,
      images: new Images(
        path.join(dir, 'images'),
        builtApp,
        registry === undefined ? undefined : new Registry(registry),
      ),
      addresses: this.addresses,
      logs: path.join(dir, 'logs'),
      register: (group, address) => this.register(group, address),
      deregister: (group, address) => this.deregister(group, address),
      changed: () => {
        this.writeDown();
        for (const runner of this.runners.values()) runner.step();
      },
    };
  }

  /** Takes out, once, what an earlier runner registered: nothing of it runs any more. */
  private async sweep(TargetGroupArn: string): Promise<void> {
    if (this.swept.has(TargetGroupArn)) return;
    this.swept.add(TargetGroupArn);
    const { TargetHealthDescriptions = [] } = await this.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn }),
    );
    const Targets = TargetHealthDescriptions.map(({ Target }) => ({ Id: Target?.Id, Port: Target?.Port }));
    if (Targets.length > 0) await this.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }));
  }

  private async register(TargetGroupArn: string, { id, port }: TargetAddress): Promise<void> {
    await this.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id, Port: port }] }));
    await this.balancing?.refresh();
  }

  private async deregister(TargetGroupArn: string, address: TargetAddress): Promise<void> {
    const Targets = [{ Id: address.id, Port: address.port }];
    await this.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }));
    await this.balancing?.refresh();
    await this.balancing?.drained(TargetGroupArn, address);
  }

  /** Keeps the list of processes on disk, for the next runner, should this one be killed. */
  private writeDown(): void {
    const marks = [...this.runners.values()].flatMap((runner) =>
      runner.all().flatMap((task) => task.process ?? []),
    );
    fs.writeFileSync(this.processFile, JSON.stringify(marks), { mode: 0o600 });
  }
}

/** Ends the tasks that a killed runner has left in a folder. */
export async function endLeftTasks(dir: string): Promise<void> {
  const file = path.join(dir, 'processes.json');
  if (!fs.existsSync(file)) return;
  let marks: ProcessMark[] = [];
  try {
    marks = JSON.parse(fs.readFileSync(file, 'utf8')) as ProcessMark[];
  } catch {
    // Half written when the machine stopped: nothing can be left of it.
  }
  await Promise.all(marks.map((left) => endProcess(left, 1_000)));
  fs.rmSync(file, { force: true });
}

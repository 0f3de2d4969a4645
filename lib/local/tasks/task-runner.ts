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
import type { Balancing } from './model';
import { Roles } from './roles';
import { ServiceRunner, type ServiceStatus } from './service-runner';
import { readServices } from './services';
import type { Surroundings } from './surroundings';

/** What the runner is made from. */
export interface TaskRunnerProps {
  /** The local AWS. */
  readonly cloud: LocalCloud;
  /** Folder of its state: images, logs, the list of processes. */
  readonly dir: string;
  /** Folder that the API is built into. */
  readonly builtApp: string;
}

/** Runs the tasks of every ECS service as processes of this machine. */
export class TaskRunner {
  /** Addresses of the tasks, for the load balancer. */
  readonly addresses: Addresses;
  private readonly runners = new Map<string, ServiceRunner>();
  private readonly ecs: ECSClient;
  private readonly elb: ElasticLoadBalancingV2Client;
  private readonly credentials = new CredentialsServer();
  private readonly processFile: string;
  private balancing: Balancing | undefined;
  private readonly swept = new Set<string>();
  private closed = false;

  constructor(private readonly props: TaskRunnerProps) {
    const options = clientOptions(props.cloud);
    this.ecs = new ECSClient(options);
    this.elb = new ElasticLoadBalancingV2Client(options);
    this.addresses = new Addresses(new EC2Client(options));
    this.processFile = path.join(props.dir, 'processes.json');
  }

  /** Ends what an earlier runner that was killed has left, and is ready then. */
  async open(balancing: Balancing): Promise<void> {
    this.balancing = balancing;
    await endLeftTasks(this.props.dir);
    await this.credentials.listen();
  }

  /** Follows the services: one step of each. */
  async follow(): Promise<void> {
    if (this.balancing === undefined) throw new Error('The task runner is not open.');
    const services = await readServices(this.ecs);
    const present = new Set(services.map(({ arn }) => arn));
    for (const [arn, runner] of this.runners)
      if (!present.has(arn)) {
        this.runners.delete(arn);
        void runner.close();
      }
    for (const service of services) {
      const runner =
        this.runners.get(service.arn) ?? new ServiceRunner(service, this.surroundings(), this.balancing);
      this.runners.set(service.arn, runner);
      if (service.registration !== undefined) await this.sweep(service.registration.targetGroupArn);
      if (this.closed) await runner.close();
      else runner.step(service);
    }
  }

  /** How every service does. */
  status(): readonly ServiceStatus[] {
    return [...this.runners.values()].map((runner) => runner.status());
  }

  /** Ends every task. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.runners.values()].map((runner) => runner.close()));
    this.credentials.close();
    fs.rmSync(this.processFile, { force: true });
  }

  private surroundings(): Surroundings {
    const { cloud, dir, builtApp } = this.props;
    const options = clientOptions(cloud);
    return {
      cloud,
      roles: new Roles(cloud, new IAMClient(options), new STSClient(options)),
      credentials: this.credentials,
      images: new Images(path.join(dir, 'images'), builtApp),
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

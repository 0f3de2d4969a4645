import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { WITHOUT_NODE_NOTICE } from '../cloud';
import type { TargetAddress } from '../load-balancer/model';
import { anyFreePort } from '../ports';
import { endProcess, mark, type ProcessMark } from '../processes';
import { ContainerHealthCheck } from './container-health';
import type { CredentialsAccess } from './credentials-server';
import type { LocalImage } from './images';
import { type ContainerHealth, onlyContainer, type Service, TaskStartError, type TaskStatus } from './model';
import { resolveSecrets } from './secrets';
import { TaskLog } from './task-log';
import type { Surroundings } from './surroundings';

/** One task: a process made as a service's task definition says. */
export class Task {
  /** As in its ARN: 32 hexadecimal digits. */
  readonly id = randomUUID().replaceAll('-', '');
  /** ARN of the revision that it runs. */
  readonly revision: string;
  /** When it was begun. */
  readonly begun = Date.now();
  /** Where it is in its life. */
  status: TaskStatus = 'PENDING';
  /** Why it stopped, as ECS words it. */
  stoppedReason = '';
  /** Address that it is registered under. */
  address: TargetAddress | undefined;
  /** Its process, once it runs. */
  process: ProcessMark | undefined;
  /** File that its output is in. */
  readonly logFile: string;
  private health: ContainerHealthCheck | undefined;
  private credentials: CredentialsAccess | undefined;
  private log: TaskLog | undefined;

  constructor(
    private readonly service: Service,
    private readonly around: Surroundings,
  ) {
    this.revision = service.definition.taskDefinitionArn ?? '';
    const { family = '', revision = 0 } = service.definition;
    this.logFile = path.join(around.logs, `${family}-${revision}-${this.id.slice(0, 8)}.log`);
  }

  /** What the container's own health check says. */
  get containerHealth(): ContainerHealth {
    return this.health?.health ?? 'UNKNOWN';
  }

  /** Starts it and registers it. A failure leaves it STOPPED with the reason; it does not throw. */
  async start(): Promise<void> {
    try {
      await this.run();
      if (this.service.registration !== undefined && this.address !== undefined)
        await this.around.register(this.service.registration.targetGroupArn, this.address);
    } catch (error) {
      const own = error instanceof TaskStartError;
      const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      await this.stop(own ? error.message : `CannotStartContainerError: ${why}`);
    }
  }

  /** Takes it out of the load balancer, waits for its requests, then SIGTERM, the stop timeout, SIGKILL. */
  async stop(reason: string): Promise<void> {
    if (this.status === 'DEACTIVATING' || this.status === 'STOPPING' || this.status === 'STOPPED') return;
    this.stoppedReason = reason;
    this.status = 'DEACTIVATING';
    await this.deregister();
    this.status = 'STOPPING';
    this.health?.close();
    // Thirty seconds is what ECS documents as the default of stopTimeout.
    const grace = this.service.definition.containerDefinitions?.[0]?.stopTimeout ?? 30;
    if (this.process !== undefined) await endProcess(this.process, grace * 1000);
    await this.cleanUp();
  }

  private async deregister(): Promise<void> {
    const { registration } = this.service;
    if (registration === undefined || this.address === undefined) return;
    await this.around.deregister(registration.targetGroupArn, this.address);
  }

  private async cleanUp(): Promise<void> {
    this.health?.close();
    this.credentials?.close();
    if (this.address !== undefined) this.around.addresses.release(this.address);
    await this.log?.close();
    this.status = 'STOPPED';
  }

  private async run(): Promise<void> {
    const { service, around } = this;
    const container = onlyContainer(service.definition);
    const { executionRoleArn, taskRoleArn } = service.definition;
    const image = around.images.pull(container.image ?? '');
    const session = this.id;
    if (!executionRoleArn)
      throw new TaskStartError('ResourceInitializationError: the task definition has no execution role');
    const secrets = container.secrets ?? [];
    const executionKeys = await around.roles.assume(executionRoleArn, session);
    const resolved = await resolveSecrets(around.cloud, executionKeys, secrets);
    const stream = `${container.name ?? ''}/${this.id}`;
    this.log = await TaskLog.open(
      this.logFile,
      container.logConfiguration,
      stream,
      around.cloud,
      (actions, resource) => around.roles.may(executionRoleArn, actions, resource),
    );
    if (taskRoleArn)
      this.credentials = around.credentials.open(taskRoleArn, () =>
        around.roles.assume(taskRoleArn, session),
      );

    const port = await anyFreePort();
    const { registration } = service;
    if (registration !== undefined)
      this.address = await around.addresses.take(service.subnets, registration.containerPort, port);
    const defined = Object.fromEntries(
      (container.environment ?? []).map(({ name = '', value = '' }) => [name, value]),
    );
    const environment = {
      ...defined,
      ...resolved,
      ...this.surrounding(),
      PORT: String(port),
      HOST: '127.0.0.1',
    };
    this.refuseWhenStopped();
    const child = spawn(image.command[0] ?? '', image.command.slice(1), {
      cwd: image.root,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    await this.watch(child, image, environment);
  }

  /** A task may be stopped while it is being started; nothing of it may run then. */
  private refuseWhenStopped(): void {
    if (this.status !== 'PENDING') throw new TaskStartError('The task was stopped before it had started');
  }

  /** What Fargate gives every process, and what makes the local AWS its AWS. */
  private surrounding(): Record<string, string> {
    const { cloud, logs } = this.around;
    return {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: logs,
      AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
      AWS_REGION: cloud.region,
      AWS_DEFAULT_REGION: cloud.region,
      AWS_CONFIG_FILE: os.devNull,
      AWS_SHARED_CREDENTIALS_FILE: os.devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...WITHOUT_NODE_NOTICE,
      AWS_ENDPOINT_URL: cloud.endpoint,
      NODE_EXTRA_CA_CERTS: cloud.caFile,
      ...this.credentials?.environment,
    };
  }

  private async watch(
    child: ChildProcess,
    image: LocalImage,
    environment: Record<string, string>,
  ): Promise<void> {
    const { log } = this;
    child.stdout?.on('data', (chunk: Buffer) => log?.write(chunk));
    child.stderr?.on('data', (chunk: Buffer) => log?.write(chunk));
    const spawned = new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.once('exit', (code, signal) => void this.exited(signal ?? `code ${code ?? 0}`));
    await spawned;
    if (child.pid === undefined) return;
    this.process = mark(child.pid);
    if (this.status !== 'PENDING') await endProcess(this.process, 0);
    this.refuseWhenStopped();
    this.status = 'RUNNING';
    this.around.changed();
    this.health = new ContainerHealthCheck(
      this.service.definition.containerDefinitions?.[0]?.healthCheck,
      image,
      environment,
    );
  }

  /** The process ended by itself: the task leaves at once, there is nothing to wait for. */
  private async exited(how: string): Promise<void> {
    if (this.status === 'STOPPING' || this.status === 'STOPPED') return;
    const deregistering = this.status === 'DEACTIVATING';
    this.stoppedReason ||= `Essential container in task exited (${how})`;
    this.status = 'STOPPING';
    if (!deregistering) await this.deregister().catch(() => undefined);
    await this.cleanUp();
    this.around.changed();
  }
}

/** The last lines of a task's log, for a report of why it stopped. */
export function lastLines(task: Task, count: number): string {
  if (!fs.existsSync(task.logFile)) return '';
  return fs.readFileSync(task.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}

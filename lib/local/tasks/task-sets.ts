import { DescribeTaskDefinitionCommand, type ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Service } from './model';
import { type TaskSetBook, type TaskSetEntry } from './task-set-book';

/** Names a service, as the ECS API does: each by its name or its ARN. */
export interface ServiceRef {
  /** Cluster. */
  readonly cluster: string;
  /** Service. */
  readonly service: string;
}

/** What a new task set is made from. */
export interface TaskSetWish extends ServiceRef {
  /** Revision. */
  readonly taskDefinition: string;
  /** Target group that its tasks are registered with. */
  readonly targetGroupArn: string;
  /** Port of the container. */
  readonly containerPort: number;
  /** Whoever makes it; a second wish with the same finds the task set of the first. */
  readonly externalId?: string | undefined;
}

function last(name: string): string {
  return name.split('/').at(-1) ?? name;
}

/** What ECS does with the task sets of services that CodeDeploy owns. */
export class TaskSets {
  private services: readonly Service[] = [];
  private readonly known = new Set<string>();

  constructor(
    private readonly ecs: ECSClient,
    private readonly book: TaskSetBook,
  ) {}

  /**
   * Takes over the services, and answers what is to run of each: of one that CodeDeploy owns a service for each task
   * set, of any other itself.
   */
  async follow(services: readonly Service[]): Promise<ReadonlyMap<string, Service>> {
    this.services = services;
    const wanted = await Promise.all(
      services.map(async (service): Promise<[string, Service][]> => {
        if (!service.frozen) return [[service.arn, service]];
        await this.forgetUnknown(service);
        const { registration, definition } = service;
        if (this.book.of(service.arn).length === 0 && registration !== undefined)
          // The service itself makes its first task set, of what its family is then.
          this.book.add({
            serviceArn: service.arn,
            taskDefinition: definition.taskDefinitionArn ?? '',
            ...registration,
          });
        const running = this.book.of(service.arn).filter(({ status }) => status !== 'DRAINING');
        return Promise.all(running.map(async (entry) => [entry.id, await this.serviceOf(service, entry)]));
      }),
    );
    return new Map(wanted.flat());
  }

  /** Task sets that are to vanish. */
  draining(): readonly TaskSetEntry[] {
    return this.book.all().filter(({ status }) => status === 'DRAINING');
  }

  /** Forgets one whose tasks have ended. */
  ended(id: string): void {
    this.book.remove(id);
  }

  /** The task sets of a service. */
  of(ref: ServiceRef): readonly TaskSetEntry[] {
    return this.book.of(this.find(ref).arn);
  }

  /** CreateTaskSet. @throws Error when the service or the revision is not there */
  async create(wish: TaskSetWish): Promise<TaskSetEntry> {
    const service = this.find(wish);
    const { externalId, targetGroupArn, containerPort } = wish;
    const there = this.book
      .of(service.arn)
      .find((entry) => externalId !== undefined && entry.externalId === externalId);
    if (there !== undefined) return there;
    const { taskDefinition } = await this.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: wish.taskDefinition }),
    );
    if (taskDefinition?.status !== 'ACTIVE')
      throw new Error(`The task definition ${wish.taskDefinition} is not active.`);
    return this.book.add({
      serviceArn: service.arn,
      taskDefinition: taskDefinition.taskDefinitionArn ?? '',
      targetGroupArn,
      containerPort,
      ...(externalId === undefined ? {} : { externalId }),
    });
  }

  /** UpdateServicePrimaryTaskSet: the service takes over its task definition. */
  async makePrimary(ref: ServiceRef, id: string): Promise<void> {
    const entry = this.entry(ref, id);
    if (entry === undefined)
      throw new Error(`TaskSetNotFoundException: ${id} is no task set of ${ref.service}.`);
    this.book.makePrimary(entry);
    await this.tellService(entry);
  }

  /** DeleteTaskSet with force; one that is gone already is no error. @throws Error for the PRIMARY */
  remove(ref: ServiceRef, id: string): void {
    const entry = this.entry(ref, id);
    if (entry?.status === 'PRIMARY')
      throw new Error(`InvalidParameterException: the PRIMARY task set of ${ref.service} cannot be deleted.`);
    if (entry !== undefined) this.book.change(id, { status: 'DRAINING' });
  }

  /**
   * Lets the only task set of each service run what was deployed, tasks replaced one by the next: what starting a
   * laptop's environment means, and not what AWS does.
   *
   * @param deployed - revisions that the templates registered; a family without one takes its newest
   */
  async adopt(deployed: readonly string[]): Promise<void> {
    for (const service of this.services.filter(({ frozen }) => frozen)) {
      const entries = this.book.of(service.arn);
      const [entry] = entries;
      const newest = service.definition.taskDefinitionArn ?? '';
      const family = newest.slice(0, newest.lastIndexOf(':') + 1);
      const taskDefinition = deployed.find((arn) => arn.startsWith(family)) ?? newest;
      if (entry === undefined || entries.length > 1 || entry.taskDefinition === taskDefinition) continue;
      this.book.change(entry.id, { taskDefinition });
      await this.tellService({ ...entry, taskDefinition });
    }
  }

  private find({ cluster, service }: ServiceRef): Service {
    const found = this.services.find(
      ({ name, clusterArn, frozen }) =>
        frozen && name === last(service) && last(clusterArn) === last(cluster),
    );
    if (found === undefined)
      throw new Error(
        `ServiceNotFoundException: ${service} in ${cluster} is no service that CodeDeploy owns.`,
      );
    return found;
  }

  private entry(ref: ServiceRef, id: string): TaskSetEntry | undefined {
    return this.of(ref).find((entry) => entry.id === id);
  }

  private async tellService({ serviceArn, taskDefinition }: TaskSetEntry): Promise<void> {
    const service = this.services.find(({ arn }) => arn === serviceArn);
    if (service === undefined) return;
    await this.ecs.send(
      new UpdateServiceCommand({ cluster: service.clusterArn, service: service.name, taskDefinition }),
    );
  }

  private async serviceOf(service: Service, entry: TaskSetEntry): Promise<Service> {
    const { targetGroupArn, containerPort, taskDefinition } = entry;
    const definition =
      taskDefinition === service.definition.taskDefinitionArn
        ? service.definition
        : (await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition;
    if (definition === undefined) throw new Error(`The task definition ${taskDefinition} is not there.`);
    return { ...service, definition, registration: { targetGroupArn, containerPort } };
  }

  /** An environment that was begun anew has other revisions: what is kept of the one before is of no use. */
  private async forgetUnknown({ arn }: Service): Promise<void> {
    if (this.known.has(arn)) return;
    this.known.add(arn);
    for (const { id, taskDefinition } of this.book.of(arn)) {
      const found = await this.ecs
        .send(new DescribeTaskDefinitionCommand({ taskDefinition }))
        .catch(() => undefined);
      if (found?.taskDefinition === undefined) this.book.remove(id);
    }
  }
}

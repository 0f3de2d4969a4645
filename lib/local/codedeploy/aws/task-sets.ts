import {
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { callSupervisor, type Control } from '../../supervisor';
import type { ServiceStatus } from '../../tasks/service-runner';
import type { ServiceName, TaskSet, TaskSets, TaskSetWish } from '../ports';

/** ARN of a target group by its name. @throws Error when there is none */
export async function groupArn(elb: ElasticLoadBalancingV2Client, name: string): Promise<string> {
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({ Names: [name] }));
  const arn = TargetGroups[0]?.TargetGroupArn;
  if (arn === undefined) throw new Error(`There is no target group ${name}.`);
  return arn;
}

/** Name in a target group's ARN. */
export function groupName(arn: string): string {
  return arn.split('/')[1] ?? arn;
}

/** A status of the supervisor as ECS tells a task set. */
export function taskSetOf(status: ServiceStatus): TaskSet | undefined {
  const { taskSet, desired, pending, running, healthy } = status;
  if (taskSet === undefined) return undefined;
  return {
    id: taskSet.id,
    taskDefinition: taskSet.taskDefinition,
    targetGroup: groupName(taskSet.targetGroupArn),
    status: taskSet.status,
    desired,
    pending,
    running,
    steady: running === desired && pending === 0 && healthy >= desired,
  };
}

/** Task sets that are processes of this machine, kept by the supervisor. */
export class LocalTaskSets implements TaskSets {
  constructor(
    private readonly control: () => Control,
    private readonly elb: ElasticLoadBalancingV2Client,
  ) {}

  async of(name: ServiceName): Promise<readonly TaskSet[]> {
    const told = (await callSupervisor(this.control(), 'task-sets', name)) as readonly ServiceStatus[];
    return told.flatMap((status) => taskSetOf(status) ?? []);
  }

  async create(name: ServiceName, wish: TaskSetWish): Promise<TaskSet> {
    const { taskDefinition, targetGroup, containerPort, externalId } = wish;
    const targetGroupArn = await groupArn(this.elb, targetGroup);
    const asked = { ...name, taskDefinition, targetGroupArn, containerPort, externalId };
    const made = taskSetOf((await callSupervisor(this.control(), 'create-task-set', asked)) as ServiceStatus);
    if (made === undefined) throw new Error('The supervisor made no task set.');
    return made;
  }

  async makePrimary(name: ServiceName, id: string): Promise<void> {
    await callSupervisor(this.control(), 'primary-task-set', { ...name, id });
  }

  async remove(name: ServiceName, id: string): Promise<void> {
    await callSupervisor(this.control(), 'delete-task-set', { ...name, id });
  }
}

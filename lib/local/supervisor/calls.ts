import { z } from 'zod';
import type { Forwarding, LoadBalancer } from '../load-balancer/load-balancer';
import type { ServiceStatus } from '../tasks/service-runner';
import type { TaskRunner } from '../tasks/task-runner';

type Calls = Readonly<Record<string, (body: unknown) => unknown>>;

const weightsSchema = z.object({
  arn: z.string(),
  groups: z.array(z.object({ targetGroupArn: z.string(), weight: z.int().min(0).max(999) })),
});

/** Calls that read and change where traffic goes. */
export function trafficCalls(balancer: LoadBalancer): Calls {
  return {
    weights: (body) => {
      const { arn, groups } = weightsSchema.parse(body);
      balancer.setWeights(arn, groups);
    },
    forwards: async (body): Promise<readonly Forwarding[]> => {
      await balancer.follow();
      return balancer.forwards(z.object({ listenerArn: z.string() }).parse(body).listenerArn);
    },
  };
}

const service = z.object({ cluster: z.string(), service: z.string() });
const named = service.extend({ id: z.string() });
const wish = service.extend({
  taskDefinition: z.string(),
  targetGroupArn: z.string(),
  containerPort: z.int(),
  externalId: z.string().optional(),
});

/** Calls for the task sets of services that CodeDeploy owns, named as ECS's. */
export function taskSetCalls(tasks: TaskRunner): Calls {
  return {
    'task-sets': (body): readonly ServiceStatus[] => tasks.statusOf(service.parse(body)),
    'create-task-set': async (body) => {
      const asked = wish.parse(body);
      const { id } = await tasks.taskSets.create(asked);
      await tasks.follow();
      return tasks.statusOf(asked).find(({ taskSet }) => taskSet?.id === id);
    },
    'primary-task-set': async (body) => {
      const asked = named.parse(body);
      await tasks.taskSets.makePrimary(asked, asked.id);
    },
    'delete-task-set': async (body) => {
      const asked = named.parse(body);
      tasks.taskSets.remove(asked, asked.id);
      await tasks.follow();
    },
    adopt: async (body) => {
      const { deployed } = z.object({ deployed: z.array(z.string()).default([]) }).parse(body ?? {});
      await tasks.follow();
      await tasks.taskSets.adopt(deployed);
      await tasks.follow();
    },
  };
}

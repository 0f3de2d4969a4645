import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  type Service as ApiService,
} from '@aws-sdk/client-ecs';
import type { Service } from './model';

/** The family of a task definition's ARN, or of a name that may carry a revision. */
function familyOf(definition: string): string {
  return (definition.split('/').at(-1) ?? '').split(':')[0] ?? '';
}

async function readService(client: ECSClient, found: ApiService): Promise<Service | undefined> {
  const named = found.taskDefinition ?? '';
  // CodeDeploy's services are frozen on their family: what runs of them is said by their task sets.
  const frozen = found.deploymentController?.type === 'CODE_DEPLOY';
  const { taskDefinition } = await client.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: frozen ? familyOf(named) : named }),
  );
  if (taskDefinition === undefined) return undefined;
  const balancer = found.loadBalancers?.[0];
  return {
    arn: found.serviceArn ?? '',
    clusterArn: found.clusterArn ?? '',
    name: found.serviceName ?? '',
    desired: found.desiredCount ?? 1,
    graceSeconds: found.healthCheckGracePeriodSeconds ?? 60,
    subnets: found.networkConfiguration?.awsvpcConfiguration?.subnets ?? [],
    definition: taskDefinition,
    frozen,
    ...(balancer?.targetGroupArn === undefined
      ? {}
      : {
          registration: {
            targetGroupArn: balancer.targetGroupArn,
            containerPort: balancer.containerPort ?? 80,
          },
        }),
  };
}

/** Every active service of every cluster, with the task definition that it shall run. */
export async function readServices(client: ECSClient): Promise<Service[]> {
  const { clusterArns = [] } = await client.send(new ListClustersCommand({}));
  const services = await Promise.all(
    clusterArns.map(async (cluster) => {
      const { serviceArns = [] } = await client.send(new ListServicesCommand({ cluster }));
      if (serviceArns.length === 0) return [];
      const described = await client.send(new DescribeServicesCommand({ cluster, services: serviceArns }));
      const active = (described.services ?? []).filter(({ status }) => status === 'ACTIVE');
      return Promise.all(active.map((service) => readService(client, service)));
    }),
  );
  return services.flat().filter((service) => service !== undefined);
}

import { isDeepStrictEqual } from 'node:util';
import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  ECSClient,
  PutClusterCapacityProvidersCommand,
  type PutClusterCapacityProvidersCommandInput,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import { z } from 'zod';
import { camelCase } from './casing';
import { bridge, present, unless, without } from './contract';

const ecs = new ECSClient();
const anything = z.record(z.string(), z.json());
const GONE = /NotFound|Unable to describe|inactive|INACTIVE/;

const taskDefinition = bridge(anything, {
  create: async (properties) => {
    // CloudFormation's documented shape is the API's but for the case of names.
    const input = camelCase(properties) as unknown as RegisterTaskDefinitionCommandInput;
    const made = await ecs.send(new RegisterTaskDefinitionCommand(input));
    const id = present(made.taskDefinition?.taskDefinitionArn, 'task definition');
    return { id, attributes: { TaskDefinitionArn: id } };
  },
  remove: async (id) =>
    unless(GONE, () => ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: id }))),
});

const serviceProperties = z.looseObject({
  Cluster: z.string(),
  ServiceName: z.string().optional(),
  Tags: z.json().optional(),
});

const service = bridge(serviceProperties, {
  create: async (properties, { name }) => {
    const serviceName = properties.ServiceName ?? name;
    const { services = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster: properties.Cluster, services: [serviceName] }),
    );
    const there = services.find(({ status }) => status === 'ACTIVE');
    const input = camelCase({ ...properties, ServiceName: serviceName } as never);
    const made =
      there ??
      (await ecs.send(new CreateServiceCommand(input as unknown as CreateServiceCommandInput))).service;
    const id = present(made?.serviceArn, 'service');
    return { id, attributes: { ServiceArn: id, Name: serviceName } };
  },
  update: (id, properties, previous, { name }) => {
    if (!isDeepStrictEqual(without(properties, 'Tags'), without(previous, 'Tags')))
      throw new Error(
        'CloudFormation cannot update a service that CodeDeploy owns. Make the change by a release, or let the service keep its properties.',
      );
    return Promise.resolve({ id, attributes: { ServiceArn: id, Name: properties.ServiceName ?? name } });
  },
  remove: async (id, { Cluster }) =>
    unless(GONE, () => ecs.send(new DeleteServiceCommand({ cluster: Cluster, service: id, force: true }))),
});

const capacityProviders = bridge(
  z.object({
    Cluster: z.string(),
    CapacityProviders: z.array(z.string()).default([]),
    DefaultCapacityProviderStrategy: z.array(z.json()).default([]),
  }),
  {
    create: async (properties) => {
      const input = camelCase(properties) as unknown as PutClusterCapacityProvidersCommandInput;
      await ecs.send(new PutClusterCapacityProvidersCommand(input));
      return { id: properties.Cluster };
    },
  },
);

/** ECS's types. The template's own way loses a task definition's `secrets` and a service's controller. */
export const bridges = {
  'AWS::ECS::TaskDefinition': taskDefinition,
  'AWS::ECS::Service': service,
  'AWS::ECS::ClusterCapacityProviderAssociations': capacityProviders,
};

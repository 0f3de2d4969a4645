import { DescribeTaskDefinitionCommand, type Tag, type TaskDefinition } from '@aws-sdk/client-ecs';
import type { ReleaseClients } from './aws/clients';
import { type Patience, persist } from './aws/persist';
import { Refused } from './errors';
import { shortName } from './live';

/** A task definition, and what its container says of itself. */
export interface Version {
  /** Its ARN. */
  readonly taskDefinition: string;
  /** Version that its tasks tell, empty when they tell none. */
  readonly version: string;
  /** Commit that its tasks tell, empty when they tell none. */
  readonly commit: string;
  /** The image as it is written there. */
  readonly image: string;
  /** Digest of the image, where it is named by one. */
  readonly digest?: string;
  /** All of it. */
  readonly definition: TaskDefinition;
  /** Its tags. */
  readonly tags: readonly Tag[];
}

const DIGEST = /@(sha256:[0-9a-f]{64})$/;

/**
 * Reads a task definition, and in it the container that takes the traffic.
 * @throws Refused when it is not there, was deregistered, or has no such container
 */
export async function readVersion(
  { ecs }: Pick<ReleaseClients, 'ecs'>,
  taskDefinition: string,
  container: string,
  patience: Patience,
): Promise<Version> {
  const name = shortName(taskDefinition);
  const { taskDefinition: definition, tags = [] } = await persist(
    'ECS',
    () => ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] })),
    patience,
  ).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ClientException')
      throw new Refused(`There is no task definition ${name}: ${error.message}`);
    throw error;
  });
  if (!definition || definition.status === 'INACTIVE')
    throw new Refused(
      `${name} was deregistered: tasks of it can no longer be started. Release its commit anew.`,
    );
  const found = definition.containerDefinitions?.find((one) => one.name === container);
  if (!found?.image)
    throw new Refused(`${name} has no container ${container}: it is not one of this service.`);
  const variable = (wanted: string): string =>
    found.environment?.find((one) => one.name === wanted)?.value ?? '';
  const digest = DIGEST.exec(found.image)?.[1];
  return {
    taskDefinition: definition.taskDefinitionArn ?? taskDefinition,
    version: variable('VERSION'),
    commit: variable('COMMIT'),
    image: found.image,
    ...(digest !== undefined && { digest }),
    definition,
    tags,
  };
}

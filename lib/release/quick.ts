import { DescribeImagesCommand, type ImageDetail } from '@aws-sdk/client-ecr';
import { type KeyValuePair, RegisterTaskDefinitionCommand, type TaskDefinition } from '@aws-sdk/client-ecs';
import type { ReleaseClients } from './aws/clients';
import { type Deployed, readDeployed } from './aws/deployed';
import { type ImageLabels, type ImagePlace, readLabels } from './aws/image-labels';
import { type Patience, persist } from './aws/persist';
import { bringUp, endingEarly, refuse, type Tools } from './bring-up';
import { findRunning, taskDefinitionBeingDeployed } from './deployment/find';
import { Refused } from './errors';
import { readLive } from './live';
import type { RecordBasis } from './records/build';
import { catchUp } from './records/catch-up';
import type { Result } from './result';
import { readVersion, type Version } from './task-definition';

/** Which image to bring up, and for whom. */
export interface QuickOptions extends Tools, Omit<RecordBasis, 'kind' | 'migrations'> {
  /** Name of the app stack. */
  readonly stack: string;
  /** Digest of the image, in the repository that the live one is from. */
  readonly digest: string;
}

/**
 * Releases another image and nothing else: the live task definition with this image, through the same deployment, hooks
 * and alarms. The image has to be there by its digest, scanned without a critical finding, and to say by its labels which
 * version and commit it is: its tasks tell these, and not the live ones'.
 * @throws Refused when the stack or the digest is not right; the last error of AWS when it says no
 */
export function quickRelease(options: QuickOptions): Promise<Result> {
  return endingEarly(() => begun(options));
}

async function begun(options: QuickOptions): Promise<Result> {
  const { clients, stack, digest, environment, by, approver, committedAt } = options;
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Refused(`"${digest}" is no digest: write "sha256:" and 64 hexadecimal digits.`);
  const deployed = await readDeployed(clients.cloudFormation, stack, options);
  const live = await readLive(clients, deployed, options);
  const current = await readVersion(clients, live.taskDefinition, deployed.container, options);
  const basis: RecordBasis = {
    ...{ kind: 'quick', environment, by },
    ...(approver !== undefined && { approver }),
    ...(committedAt !== undefined && { committedAt }),
  };
  try {
    const version = await withImage(options, deployed, current);
    await catchUp({ ...options, deployed, own: { taskDefinition: version.taskDefinition, basis } });
    return await bringUp(options, deployed, version, basis);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refuse(options, deployed, { ...current, digest }, basis, error);
  }
}

/** The version with the image: the live one or the one that is being deployed where it is that, else a new one. */
async function withImage(options: QuickOptions, deployed: Deployed, current: Version): Promise<Version> {
  const { clients, digest } = options;
  if (current.digest === digest) return current;
  const running = await findRunning(clients, deployed, options);
  const coming = running && (await taskDefinitionBeingDeployed(clients, deployed, running.id, options));
  if (coming !== undefined) {
    const version = await readVersion(clients, coming, deployed.container, options);
    if (version.digest === digest) return version;
  }
  const place = placeBeside(current.image, digest);
  await requireSound(clients, place, options);
  return register(
    clients,
    deployed,
    current,
    { digest, ...(await readLabels(clients, place, options)) },
    options,
  );
}

/** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>`, then a tag or a digest. */
const ECR_IMAGE = /^(\d{12})\.dkr\.ecr\.[\w.-]+(?::\d+)?\/([a-z0-9][a-z0-9._/-]*?)(?:[:@].*)?$/;

function placeBeside(image: string, digest: string): ImagePlace {
  const [, registryId, repositoryName] = ECR_IMAGE.exec(image) ?? [];
  if (registryId === undefined || repositoryName === undefined)
    throw new Refused(
      `The live image ${image} is in no ECR repository, so no other can be looked up beside it.`,
    );
  return { registryId, repositoryName, digest };
}

async function requireSound(
  { ecr }: Pick<ReleaseClients, 'ecr'>,
  { registryId, repositoryName, digest }: ImagePlace,
  patience: Patience,
): Promise<void> {
  const { imageDetails } = await persist(
    'ECR',
    () =>
      ecr.send(
        new DescribeImagesCommand({ registryId, repositoryName, imageIds: [{ imageDigest: digest }] }),
      ),
    patience,
  ).catch((error: unknown) => {
    if (error instanceof Error && /^(ImageNotFound|RepositoryNotFound)/.test(error.name))
      throw new Refused(`There is no image ${digest} in ${repositoryName}: push it first.`);
    throw error;
  });
  const problem = imageDetails?.[0]
    ? scanProblem(imageDetails[0])
    : `is not in ${repositoryName}: push it first`;
  if (problem !== undefined) throw new Refused(`The image ${digest} ${problem}.`);
}

function scanProblem({ imageScanStatus, imageScanFindingsSummary }: ImageDetail): string | undefined {
  const status = imageScanStatus?.status;
  // ACTIVE is what enhanced scanning says of an image that it goes on watching (ECR API, ImageScanStatus).
  if (status !== 'COMPLETE' && status !== 'ACTIVE')
    return `is not scanned (${status ?? 'no status'}): wait for the scan, or start one`;
  const { CRITICAL = 0 } = imageScanFindingsSummary?.findingSeverityCounts ?? {};
  return CRITICAL > 0 ? `has ${CRITICAL} critical findings: build one without them` : undefined;
}

async function register(
  clients: Pick<ReleaseClients, 'ecs'>,
  { container }: Deployed,
  { definition, tags, image }: Version,
  { digest, version, commit }: ImageLabels & { readonly digest: string },
  patience: Patience,
): Promise<Version> {
  const own = tags.filter(({ key }) => key?.startsWith('aws:') !== true);
  const other = `${image.replace(/@.*$|:[^:/]*$/, '')}@${digest}`;
  const { taskDefinition } = await persist(
    'ECS',
    () =>
      clients.ecs.send(
        new RegisterTaskDefinitionCommand({
          ...copied(definition),
          containerDefinitions: definition.containerDefinitions?.map((one) =>
            one.name === container
              ? { ...one, image: other, environment: telling(one.environment, version, commit) }
              : one,
          ),
          family: definition.family,
          // ECS refuses an empty list.
          ...(own.length > 0 && { tags: own }),
        }),
      ),
    patience,
  );
  return readVersion(clients, taskDefinition?.taskDefinitionArn ?? '', container, patience);
}

/** The variables of a container with what its tasks tell of themselves; the rest as it is. */
function telling(variables: readonly KeyValuePair[] = [], version: string, commit: string): KeyValuePair[] {
  const told: KeyValuePair[] = [
    { name: 'VERSION', value: version },
    { name: 'COMMIT', value: commit },
  ];
  return [...variables.filter(({ name }) => !told.some((one) => one.name === name)), ...told];
}

/** What of a task definition can be registered again; the rest ECS gives it. */
function copied(from: TaskDefinition): Pick<TaskDefinition, (typeof COPIED)[number]> {
  return Object.fromEntries(COPIED.map((field) => [field, from[field]]));
}

const COPIED = [
  'taskRoleArn',
  'executionRoleArn',
  'networkMode',
  'volumes',
  'placementConstraints',
  'requiresCompatibilities',
  'cpu',
  'memory',
  'pidMode',
  'ipcMode',
  'proxyConfiguration',
  'inferenceAccelerators',
  'ephemeralStorage',
  'runtimePlatform',
  'enableFaultInjection',
] as const satisfies readonly (keyof TaskDefinition)[];

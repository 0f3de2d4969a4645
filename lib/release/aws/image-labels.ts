import { createHash } from 'node:crypto';
import { BatchGetImageCommand, GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import * as z from 'zod';
import { Refused } from '../errors';
import type { ReleaseClients } from './clients';
import { type Patience, persist } from './persist';

/** An image in a repository. */
export interface ImagePlace {
  /** Account of the registry. */
  readonly registryId: string;
  /** Name of the repository. */
  readonly repositoryName: string;
  /** Digest of the image, `sha256:` and 64 digits. */
  readonly digest: string;
}

/** What an image says that it was built from. */
export interface ImageLabels {
  /** Version as its tasks are to tell it, such as `1.4.0+0123456789ab`. */
  readonly version: string;
  /** Commit. */
  readonly commit: string;
}

/** Manifests of one image. Source: OCI image specification, "Image Manifest"; Docker registry, "Image Manifest V2, Schema 2". */
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
/** Lists of images, which are taken only to be told from one. */
const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const FETCH_MS = 20_000;

/** Labels by which an image says what it is. Source: OCI image specification, "Pre-Defined Annotation Keys". */
export const IMAGE_LABELS = {
  version: 'org.opencontainers.image.version',
  commit: 'org.opencontainers.image.revision',
} as const;

const manifest = z.looseObject({ config: z.looseObject({ digest: z.string() }).optional() });
const configuration = z.looseObject({
  config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});
const labels = z.object({
  // As long as the migrations take the name of a release, which a way back to it is asked by.
  [IMAGE_LABELS.version]: z.string().regex(/^[\w.+-]{1,40}$/, 'at most 40 letters, digits and . + - _'),
  [IMAGE_LABELS.commit]: z.string().regex(/^[0-9a-f]{40}$/, '40 hexadecimal digits'),
});

/**
 * Reads what an image says that it was built from. What is read is held to the digests that name it.
 * @throws Refused when it says nothing, or is a list of images; an error of AWS when it says no
 */
export async function readLabels(
  clients: Pick<ReleaseClients, 'ecr'>,
  place: ImagePlace,
  patience: Patience,
): Promise<ImageLabels> {
  const { config } = manifest.parse(JSON.parse(await readManifest(clients, place, patience)));
  if (config === undefined)
    throw new Refused(
      `The image ${place.digest} is a list of images: name the digest of the one for linux/arm64.`,
    );
  const text = await readBlob(clients, place, config.digest, patience);
  const parsed = labels.safeParse(configuration.parse(JSON.parse(text)).config?.Labels ?? {});
  if (parsed.success)
    return { version: parsed.data[IMAGE_LABELS.version], commit: parsed.data[IMAGE_LABELS.commit] };
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Refused(
    `The image ${place.digest} does not say what it is (${wrong.join('; ')}). Build it from app/Dockerfile ` +
      'with --build-arg VERSION=<version>+<commit, 12 digits> --build-arg COMMIT=<commit>.',
  );
}

async function readManifest(
  { ecr }: Pick<ReleaseClients, 'ecr'>,
  { registryId, repositoryName, digest }: ImagePlace,
  patience: Patience,
): Promise<string> {
  const { images, failures } = await persist(
    'ECR',
    () =>
      ecr.send(
        new BatchGetImageCommand({
          ...{ registryId, repositoryName, imageIds: [{ imageDigest: digest }] },
          acceptedMediaTypes: [...MANIFESTS, ...INDEXES],
        }),
      ),
    patience,
  );
  const text = images?.[0]?.imageManifest;
  if (text === undefined)
    throw new Error(`ECR hands out no manifest of ${digest}: ${failures?.[0]?.failureReason ?? 'no reason'}`);
  return held(text, digest);
}

async function readBlob(
  { ecr }: Pick<ReleaseClients, 'ecr'>,
  { registryId, repositoryName }: ImagePlace,
  layerDigest: string,
  patience: Patience,
): Promise<string> {
  const { downloadUrl = '' } = await persist(
    'ECR',
    () => ecr.send(new GetDownloadUrlForLayerCommand({ registryId, repositoryName, layerDigest })),
    patience,
  );
  const response = await fetch(downloadUrl, { signal: AbortSignal.timeout(FETCH_MS) });
  if (!response.ok) throw new Error(`The configuration of the image cannot be read (${response.status}).`);
  return held(await response.text(), layerDigest);
}

/** What is named by a digest, once it is sure that it is that. */
function held(text: string, digest: string): string {
  const own = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  if (own !== digest) throw new Error(`What ECR hands out as ${digest} is ${own}.`);
  return text;
}

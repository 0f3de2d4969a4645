import { createHash } from 'node:crypto';

/** An image as a registry keeps it: its manifest under its own digest, its configuration under the one named there. */
export interface FakeImage {
  readonly digest: string;
  readonly manifest: string;
  readonly configuration: string;
  readonly configurationDigest: string;
}

/** An image with labels; one without when none are given. */
export function fakeImage(labels?: Readonly<Record<string, string>>): FakeImage {
  const configuration = JSON.stringify({
    ...{ architecture: 'arm64', os: 'linux' },
    config: { Cmd: ['node', '/app/main.js'], ...(labels && { Labels: labels }) },
  });
  const configurationDigest = digestOf(configuration);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: configurationDigest },
    layers: [],
  });
  return { digest: digestOf(manifest), manifest, configuration, configurationDigest };
}

/** The labels of an image of a commit, as app/Dockerfile sets them. */
export function labelsOf(commit: string): Readonly<Record<string, string>> {
  return {
    'org.opencontainers.image.version': `0.2.0+${commit.slice(0, 12)}`,
    'org.opencontainers.image.revision': commit,
  };
}

export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

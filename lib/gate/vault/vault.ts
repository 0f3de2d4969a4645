import {
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { sha256 } from '../chain/canonical';
import { type Manifest, MANIFEST_FILE } from '../chain/model';
import { readManifest } from '../chain/read';
import type { Link } from '../chain/seal';
import { type Place, written } from './place';

/** How an object is locked: mode, and until when. */
export interface Lock {
  /** `COMPLIANCE`: nobody ends it early. `GOVERNANCE`: a privileged role may. */
  readonly mode: string | undefined;
  /** Last moment of it. */
  readonly until: Date | undefined;
}

/** A file that was read, with what keeps it. */
export interface Opened {
  /** Its content. */
  readonly bytes: Buffer;
  /** How it is locked. */
  readonly lock: Lock;
}

/** One version of an object, or the marker of its deletion. */
export interface Version {
  /** Its key below the prefix. */
  readonly file: string;
  /** Its id. */
  readonly id: string;
  /** When it was made. */
  readonly made: Date;
  /** Whether it is what a reader who names no version gets. */
  readonly latest: boolean;
  /** Whether it is no object but the marker of its deletion. */
  readonly deletion: boolean;
}

/** The manifest of a release as it was read; nothing is said of its signature. */
export interface Entry {
  /** What it says. */
  readonly manifest: Manifest;
  /** Its place in the chain. */
  readonly link: Link;
  /** Its content. */
  readonly bytes: Buffer;
}

/** Says that a release has no manifest that can be read. */
export class UnreadableManifest extends Error {
  constructor(
    place: string,
    /** What is wrong with it. */
    readonly words: string,
  ) {
    super(`${place} has no manifest that can be read (${words}); npm run evidence -- verify says more.`);
  }
}

/** A client of S3 that speaks TLS alone, whatever endpoint the environment names. */
export function vaultClient(config: S3ClientConfig = {}): S3Client {
  const client = new S3Client(config);
  client.middlewareStack.add(
    (next) => (args) => {
      const { protocol, hostname } = args.request as { readonly protocol: string; readonly hostname: string };
      if (protocol !== 'https:')
        throw new Error(`${hostname} is asked by ${protocol} where evidence goes by https: alone.`);
      return next(args);
    },
    { step: 'finalizeRequest', name: 'tlsAlone', priority: 'low' },
  );
  return client;
}

/** Evidence in S3: a folder for each release, named by its number in the chain, whose files are never written twice. */
export class Vault {
  constructor(
    private readonly client: S3Client,
    /** Where it lies. */
    readonly place: Place,
  ) {}

  /** Name of a release's folder. */
  static folder(sequence: number): string {
    return String(sequence).padStart(6, '0');
  }

  /** What is below a folder alone, for example the evidence of one release. */
  only(folder: string): Vault {
    const { bucket, prefix } = this.place;
    return new Vault(this.client, { bucket, prefix: prefix === '' ? folder : `${prefix}/${folder}` });
  }

  /** Names of the folders, the oldest release first. */
  async folders(): Promise<readonly string[]> {
    const { bucket: Bucket } = this.place;
    const Prefix = this.key('');
    const found: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await this.client.send(
        new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/', ContinuationToken }),
      );
      for (const { Prefix: folder = '' } of page.CommonPrefixes ?? [])
        found.push(folder.slice(Prefix.length, -1));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return found
      .filter((name) => /^\d{6}$/.test(name) && Number(name) > 0)
      .sort((a, b) => Number(a) - Number(b));
  }

  /**
   * Reads the manifest of a release.
   * @throws UnreadableManifest when there is none, it is none, or it is that of another number
   */
  async manifest(folder: string): Promise<Entry> {
    const unreadable = (words: string): UnreadableManifest =>
      new UnreadableManifest(`${written(this.place)}/${folder}`, words);
    const bytes = await this.read(`${folder}/${MANIFEST_FILE}`).catch((error: unknown) => {
      throw error instanceof Error && error.name === 'NoSuchKey' ? unreadable('there is none') : error;
    });
    const manifest = readManifest(bytes);
    if (typeof manifest === 'string') throw unreadable(manifest);
    if (Vault.folder(manifest.sequence) !== folder)
      throw unreadable(`it is that of number ${manifest.sequence}`);
    return { manifest, link: { sequence: manifest.sequence, sha256: sha256(bytes) }, bytes };
  }

  /** Writes a file that is not there. @returns false when it is, whatever it holds */
  async write(file: string, bytes: Uint8Array): Promise<boolean> {
    try {
      await this.client.send(
        new PutObjectCommand({
          Bucket: this.place.bucket,
          Key: this.key(file),
          Body: bytes,
          ContentType: contentType(file),
          // The bucket refuses whoever does not ask for it: two writers cannot have the same number.
          IfNoneMatch: '*',
          ChecksumAlgorithm: 'SHA256',
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && /^(PreconditionFailed|ConditionalRequestConflict)$/.test(error.name))
        return false;
      throw error;
    }
  }

  /** Reads a file: the version that is named, or what everybody gets. */
  async read(file: string, version?: string): Promise<Buffer> {
    return (await this.open(file, version)).bytes;
  }

  /** Reads a file with what keeps it. */
  async open(file: string, VersionId?: string): Promise<Opened> {
    const got = await this.client.send(
      new GetObjectCommand({ Bucket: this.place.bucket, Key: this.key(file), VersionId }),
    );
    if (got.Body === undefined) throw new Error(`S3 gives no content of ${this.key(file)}.`);
    return {
      bytes: Buffer.from(await got.Body.transformToByteArray()),
      lock: { mode: got.ObjectLockMode, until: got.ObjectLockRetainUntilDate },
    };
  }

  /** Every version of every object, and every marker of a deletion. */
  async versions(): Promise<readonly Version[]> {
    const found: Version[] = [];
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (;;) {
      const page: ListObjectVersionsCommandOutput = await this.client.send(
        new ListObjectVersionsCommand({ Bucket: this.place.bucket, Prefix: this.key(''), ...markers }),
      );
      for (const [all, deletion] of [
        [page.Versions, false],
        [page.DeleteMarkers, true],
      ] as const)
        for (const { Key = '', VersionId = 'null', LastModified = new Date(0), IsLatest = false } of all ??
          [])
          found.push({
            ...{ file: Key.slice(this.key('').length), id: VersionId, made: LastModified },
            ...{ latest: IsLatest, deletion },
          });
      if (page.IsTruncated !== true) return found;
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
  }

  /** Whether the bucket keeps versions, and how it locks what is written to it. */
  async settings(): Promise<{ readonly versioned: boolean; readonly mode: string | undefined }> {
    const { bucket: Bucket } = this.place;
    const { Status } = await this.client.send(new GetBucketVersioningCommand({ Bucket }));
    const mode = await this.client
      .send(new GetObjectLockConfigurationCommand({ Bucket }))
      .then(({ ObjectLockConfiguration: lock }) => lock?.Rule?.DefaultRetention?.Mode)
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'ObjectLockConfigurationNotFoundError') return undefined;
        throw error;
      });
    return { versioned: Status === 'Enabled', mode };
  }

  private key(file: string): string {
    return this.place.prefix === '' ? file : `${this.place.prefix}/${file}`;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  sarif: 'application/json',
  csv: 'text/csv; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  pem: 'application/x-pem-file',
};

function contentType(file: string): string {
  return TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
}

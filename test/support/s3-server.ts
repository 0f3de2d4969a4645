import * as fs from 'node:fs';
import type { IncomingMessage } from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { type S3Client } from '@aws-sdk/client-s3';
import { ensureAuthority } from '../../lib/local/authority';
import { vaultClient } from '../../lib/gate/vault/vault';

/** A version as the stand-in keeps it; tests change it to tamper. */
export interface StoredVersion {
  id: string;
  body: Buffer;
  made: Date;
  deletion: boolean;
  mode: string | undefined;
  until: Date | undefined;
}

const YEAR = 365.25 * 24 * 3_600_000;

/**
 * One bucket of S3 over TLS on this machine: versions, conditional writes, Object Lock's default, pages of a few entries.
 * Written from the API reference, as far as evidence uses it.
 */
export class S3Server {
  /** Versions of each key, the oldest first. */
  readonly objects = new Map<string, StoredVersion[]>();
  /** Ids of versions that nobody may read. */
  readonly unreadable = new Set<string>();
  /** Settings of the bucket. */
  settings = { versioned: true, mode: 'COMPLIANCE' as string | undefined, years: 6.01 };
  /** Is called before each write; may throw to cut it off, or write something itself. */
  beforeWrite: (key: string) => void = () => undefined;
  private count = 0;

  private constructor(
    private readonly server: https.Server,
    private readonly folder: string,
    /** A client that trusts it. */
    readonly client: S3Client,
    /** Variables by which another process of this machine reaches and trusts it. */
    readonly variables: Readonly<Record<'AWS_ENDPOINT_URL_S3' | 'NODE_EXTRA_CA_CERTS', string>>,
  ) {}

  static async start(): Promise<S3Server> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 's3-'));
    const authority = await ensureAuthority(folder);
    const { certFile, keyFile } = await authority.certificate('s3', ['127.0.0.1']);
    const server = https.createServer(
      { cert: fs.readFileSync(certFile), key: fs.readFileSync(keyFile) },
      (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const url = new URL(request.url ?? '', 'https://s3');
          const { status, headers, body } = self.answer(request, url, Buffer.concat(chunks));
          response.writeHead(status, headers).end(body);
        });
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const agent = new https.Agent({ keepAlive: true, ca: fs.readFileSync(authority.caFile) });
    const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const self = new S3Server(
      server,
      folder,
      vaultClient({
        endpoint,
        region: 'us-east-1',
        forcePathStyle: true,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        requestHandler: { httpsAgent: agent },
      }),
      { AWS_ENDPOINT_URL_S3: endpoint, NODE_EXTRA_CA_CERTS: authority.caFile },
    );
    return self;
  }

  async stop(): Promise<void> {
    this.client.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    fs.rmSync(this.folder, { recursive: true });
  }

  /** Adds a version, as somebody who gets round every refusal would. */
  add(key: string, body: Buffer | string, changes: Partial<StoredVersion> = {}): void {
    const { mode, years } = this.settings;
    const made = new Date(Date.UTC(2026, 10, 28) + this.count++ * 1000);
    const until = new Date(made.getTime() + years * YEAR);
    const version = {
      ...{ id: `v${this.count}`, body: Buffer.from(body), made, deletion: false },
      ...{ mode, until: mode === undefined ? undefined : until },
    };
    this.objects.set(key, [...(this.objects.get(key) ?? []), { ...version, ...changes }]);
  }

  private current(key: string): StoredVersion | undefined {
    const newest = this.objects.get(key)?.at(-1);
    return newest?.deletion ? undefined : newest;
  }

  private answer(request: IncomingMessage, url: URL, body: Buffer): Answer {
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
    const asked = url.searchParams;
    if (request.method === 'PUT') return this.put(key, body, request.headers['if-none-match'] === '*');
    if (key !== '') return this.get(key, asked.get('versionId'));
    if (asked.has('versioning'))
      return xml('VersioningConfiguration', this.settings.versioned ? '<Status>Enabled</Status>' : '');
    if (asked.has('object-lock')) return this.lock();
    return asked.has('versions') ? this.listVersions(asked) : this.list(asked);
  }

  private put(key: string, body: Buffer, onlyNew: boolean): Answer {
    try {
      this.beforeWrite(key);
    } catch {
      return failure(403, 'AccessDenied');
    }
    if (onlyNew && this.current(key)) return failure(412, 'PreconditionFailed');
    this.add(key, body);
    return {
      status: 200,
      headers: { 'x-amz-version-id': this.objects.get(key)?.at(-1)?.id ?? '' },
      body: '',
    };
  }

  private get(key: string, id: string | null): Answer {
    const found =
      id === null ? this.current(key) : this.objects.get(key)?.find((version) => version.id === id);
    if (!found || found.deletion) return failure(404, 'NoSuchKey');
    if (this.unreadable.has(found.id)) return failure(403, 'AccessDenied');
    const { body, mode, until } = found;
    const headers = {
      'content-length': String(body.length),
      ...(mode !== undefined && { 'x-amz-object-lock-mode': mode }),
      ...(until !== undefined && { 'x-amz-object-lock-retain-until-date': until.toISOString() }),
    };
    return { status: 200, headers, body };
  }

  private lock(): Answer {
    const { mode } = this.settings;
    return mode === undefined
      ? failure(404, 'ObjectLockConfigurationNotFoundError')
      : xml(
          'ObjectLockConfiguration',
          `<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>${mode}</Mode><Days>2192</Days></DefaultRetention></Rule>`,
        );
  }

  private list(asked: URLSearchParams): Answer {
    const prefix = asked.get('prefix') ?? '';
    const folders = [...this.objects.keys()]
      .filter((key) => key.startsWith(prefix) && this.current(key) !== undefined)
      .map((key) => `${prefix}${key.slice(prefix.length).split('/')[0] ?? ''}/`);
    const { page, next } = pageOf([...new Set(folders)].sort(), asked.get('continuation-token'));
    const entries = page.map((folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`);
    const token = next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`;
    return xml('ListBucketResult', entries.join('') + token);
  }

  private listVersions(asked: URLSearchParams): Answer {
    const prefix = asked.get('prefix') ?? '';
    const all = [...this.objects]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, versions]) =>
        versions.toReversed().map((version, index) => ({ key, version, latest: index === 0 })),
      );
    const { page, next } = pageOf(all, asked.get('key-marker'));
    const entries = page.map(({ key, version: { id, made, deletion }, latest }) => {
      const kind = deletion ? 'DeleteMarker' : 'Version';
      return `<${kind}><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${latest}</IsLatest><LastModified>${made.toISOString()}</LastModified></${kind}>`;
    });
    const more =
      next === undefined
        ? '<IsTruncated>false</IsTruncated>'
        : `<IsTruncated>true</IsTruncated><NextKeyMarker>${next}</NextKeyMarker><NextVersionIdMarker>x</NextVersionIdMarker>`;
    return xml('ListVersionsResult', entries.join('') + more);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Entries of a page, and where the next one begins; so few that a test meets several pages. */
function pageOf<T>(
  all: readonly T[],
  token: string | null,
): { readonly page: readonly T[]; readonly next?: number } {
  const from = Number(token ?? 0);
  const to = from + 3;
  return { page: all.slice(from, to), ...(to < all.length && { next: to }) };
}

function xml(root: string, content: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${root}>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function failure(status: number, code: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SessionKeys } from './roles';

/** What a process is told, so that the AWS SDKs find the task role's keys. */
export interface CredentialsAccess {
  /** Variables of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the access. */
  readonly close: () => void;
}

interface Grant {
  readonly token: string;
  readonly roleArn: string;
  readonly keys: () => Promise<SessionKeys>;
  current?: SessionKeys;
}

/** Keys nearer to their end than this are taken anew; the SDKs ask five minutes before. */
const RENEWAL_MILLISECONDS = 10 * 60 * 1000;

/**
 * The container credentials endpoint. Fargate has it at 169.254.170.2; here it is on loopback, where the SDKs
 * accept plain HTTP as well, and each process has a token for its own role.
 */
export class CredentialsServer {
  private readonly grants = new Map<string, Grant>();
  private readonly server = http.createServer((request, response) => void this.answer(request, response));

  /** Starts to listen. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  /** Opens access to a role's keys for one process. */
  open(roleArn: string, keys: () => Promise<SessionKeys>): CredentialsAccess {
    const id = randomUUID();
    const token = randomBytes(32).toString('base64url');
    this.grants.set(id, { token, roleArn, keys });
    const { port } = this.server.address() as AddressInfo;
    return {
      environment: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/v2/credentials/${id}`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
      },
      close: () => this.grants.delete(id),
    };
  }

  /** Stops listening. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const grant = this.grants.get((request.url ?? '').replace('/v2/credentials/', ''));
    const given = Buffer.from(request.headers.authorization ?? '');
    const wanted = Buffer.from(grant?.token ?? '');
    if (grant === undefined || given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      response.writeHead(403).end();
      return;
    }
    try {
      const { current } = grant;
      const lasting =
        current !== undefined && current.expiration.getTime() - Date.now() > RENEWAL_MILLISECONDS;
      const keys = lasting ? current : await grant.keys();
      grant.current = keys;
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          RoleArn: grant.roleArn,
          AccessKeyId: keys.accessKeyId,
          SecretAccessKey: keys.secretAccessKey,
          Token: keys.sessionToken,
          Expiration: keys.expiration.toISOString(),
        }),
      );
    } catch {
      response.writeHead(500).end();
    }
  }
}

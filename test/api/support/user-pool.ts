import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Authority } from '../../../lib/local/authority';

/** A user pool's id, as the tokens and the API name it. */
export const POOL = 'us-east-1_Test12345';
/** An app client that the API knows. */
export const CLIENT = 'client1';
/** The pool's name in its tokens. */
export const ISSUER = `https://cognito-idp.us-east-1.amazonaws.com/${POOL}`;

/** A key pair that signs tokens, with the public half as Cognito publishes it. */
export class SigningKey {
  private readonly pair = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });

  constructor(readonly kid: string) {}

  get jwk(): object {
    return { ...this.pair.publicKey.export({ format: 'jwk' }), kid: this.kid, alg: 'RS256', use: 'sig' };
  }

  sign(payload: object, header: object = {}): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'RS256', kid: this.kid, ...header })}.${part(payload)}`;
    return `${signed}.${crypto.sign('sha256', Buffer.from(signed), this.pair.privateKey).toString('base64url')}`;
  }
}

/** The claims of a good access token, some of them changed or, with undefined, left out. */
export function accessClaims(changes: Readonly<Record<string, unknown>> = {}): object {
  const now = Math.floor(Date.now() / 1000);
  return {
    sub: '7c6f0a52-0000-4000-8000-000000000001',
    iss: ISSUER,
    client_id: CLIENT,
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    auth_time: now,
    iat: now,
    exp: now + 900,
    role: 'DOCTOR',
    org_id: 'demo-clinic',
    ...changes,
  };
}

/** Serves the keys of the pool as Cognito does, on 127.0.0.1. */
export class KeyServer {
  /** Every path that was asked for. */
  readonly asked: string[] = [];
  /** Milliseconds that each answer takes. */
  delay = 0;
  /** Status of each answer. */
  status = 200;
  private constructor(private readonly server: https.Server) {}

  static async start(authority: Authority, keys: readonly SigningKey[]): Promise<KeyServer> {
    const files = await authority.certificate('keys', ['localhost', '127.0.0.1']);
    const server = https.createServer({
      cert: fs.readFileSync(files.certFile),
      key: fs.readFileSync(files.keyFile),
    });
    const keyServer = new KeyServer(server);
    server.on('request', (request: { url: string }, response: ServerResponse) => {
      keyServer.asked.push(request.url);
      void sleep(keyServer.delay).then(() => {
        const known = request.url === `/${POOL}/.well-known/jwks.json`;
        response.statusCode = known ? keyServer.status : 404;
        response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return keyServer;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import * as tls from 'node:tls';
import { openDatabase } from '../../app/src/database';
import { ensureAuthority } from '../../lib/local/authority';

/** A server of PostgreSQL's protocol that asks for the password, notes it and refuses; Aurora asks the same way. */
class AskingServer {
  readonly passwords: string[] = [];
  readonly users: string[] = [];
  private readonly server: net.Server;

  constructor(credentials: tls.SecureContextOptions) {
    this.server = net.createServer((socket) => {
      socket.once('data', () => {
        socket.write('S');
        this.talk(new tls.TLSSocket(socket, { isServer: true, ...credentials }));
      });
      socket.on('error', () => undefined);
    });
  }

  private talk(socket: tls.TLSSocket): void {
    socket.on('error', () => undefined);
    socket.once('data', (startup: Buffer) => {
      this.users.push(/user\0([^\0]+)/.exec(startup.toString('latin1'))?.[1] ?? '');
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])); // AuthenticationCleartextPassword
      socket.once('data', (message: Buffer) => {
        this.passwords.push(message.subarray(5, -1).toString());
        const fields = Buffer.from('SFATAL\0C28P01\0Mno\0\0');
        const head = Buffer.alloc(5);
        head.write('E');
        head.writeInt32BE(fields.length + 4, 1);
        socket.end(Buffer.concat([head, fields]));
      });
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as net.AddressInfo).port;
  }

  close(): void {
    this.server.close();
  }
}

let dir: string;
let asking: AskingServer;
let port: number;
const credentials = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-real-key' };

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'asking-'));
  const authority = await ensureAuthority(dir);
  const { certFile, keyFile } = await authority.certificate('asking', ['127.0.0.1']);
  asking = new AskingServer({ cert: fs.readFileSync(certFile), key: fs.readFileSync(keyFile) });
  port = await asking.listen();
  Object.assign(process.env, credentials);
});

afterAll(() => {
  for (const name of Object.keys(credentials)) Reflect.deleteProperty(process.env, name);
  asking.close();
  fs.rmSync(dir, { recursive: true });
});

test('each connection signs in with an IAM token for its own host, port and role', async () => {
  const database = openDatabase(
    {
      AWS_REGION: 'eu-west-1',
      DATABASE_HOST: '127.0.0.1',
      DATABASE_PORT: port,
      DATABASE_NAME: 'telehealth',
      DATABASE_USER: 'telehealth_api',
      DATABASE_POOL_SIZE: 2,
      DATABASE_DEADLINE_SECONDS: 5,
      NODE_EXTRA_CA_CERTS: path.join(dir, 'ca.crt'),
      VERSION: '1.2.3',
    },
    () => undefined,
  );
  await expect(database.appliedMigrations()).rejects.toMatchObject({ code: '28P01' });
  await expect(database.appliedMigrations()).rejects.toMatchObject({ code: '28P01' });
  await database.close();

  expect(asking.users).toEqual(['telehealth_api', 'telehealth_api']);
  expect(asking.passwords).toHaveLength(2);
  for (const token of asking.passwords) {
    const url = new URL(`https://${token}`);
    expect([url.hostname, url.port]).toEqual(['127.0.0.1', String(port)]);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: 'connect',
      DBUser: 'telehealth_api',
      'X-Amz-Credential': expect.stringMatching(/\/eu-west-1\/rds-db\/aws4_request$/) as string,
      'X-Amz-Expires': '900',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  }
});

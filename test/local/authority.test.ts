import { execFile } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { ensureAuthority } from '../../lib/local/authority';

const run = promisify(execFile);
const HOSTS = ['localhost', '127.0.0.1'];

let dir: string;

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'authority-'));
});

afterEach(() => {
  jest.useRealTimers();
  fs.rmSync(dir, { recursive: true, force: true });
});

const read = (file: string) => fs.readFileSync(file, 'utf8');
const mode = (file: string) => fs.statSync(file).mode & 0o777;

async function withServer<T>(
  files: { certFile: string; keyFile: string },
  use: (port: number) => Promise<T>,
): Promise<T> {
  const server = https.createServer(
    { cert: read(files.certFile), key: read(files.keyFile) },
    (_request, response) => {
      response.end('ok');
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function get(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    https
      .get(url, { ca, agent: false }, (response) => {
        response.resume();
        resolve(String(response.statusCode));
      })
      .on('error', reject);
  });
}

test('keys are readable by their owner only, certificates by everyone', async () => {
  const authority = await ensureAuthority(dir);
  const files = await authority.certificate('emulator', HOSTS);
  expect(mode(path.join(dir, 'ca.key'))).toBe(0o600);
  expect(mode(files.keyFile)).toBe(0o600);
  expect(mode(authority.caFile)).toBe(0o644);
  expect(fs.readdirSync(dir).sort()).toEqual(['ca.crt', 'ca.key', 'emulator.crt', 'emulator.key']);
});

test('Node, curl and Python in its strict mode accept the certificate by name and by address', async () => {
  const authority = await ensureAuthority(dir);
  const files = await authority.certificate('emulator', HOSTS);
  const strict = [
    'import http.client, ssl, sys',
    'context = ssl.create_default_context(cafile=sys.argv[1])',
    'context.verify_flags |= ssl.VERIFY_X509_STRICT',
    'connection = http.client.HTTPSConnection(sys.argv[2], int(sys.argv[3]), context=context)',
    'connection.request("GET", "/")',
    'print(connection.getresponse().status)',
  ].join('\n');
  await withServer(files, async (port) => {
    for (const host of HOSTS) {
      const url = `https://${host}:${port}/`;
      await expect(get(url, read(authority.caFile))).resolves.toBe('200');
      const curl = await run('curl', ['-sS', '--ipv4', '--noproxy', '*', '--cacert', authority.caFile, url]);
      expect(curl.stdout).toBe('ok');
      const python = await run('python3', ['-c', strict, authority.caFile, host, String(port)]);
      expect(python.stdout).toBe('200\n');
    }
  });
});

test('another authority does not vouch for it', async () => {
  const files = await (await ensureAuthority(dir)).certificate('emulator', HOSTS);
  const other = await ensureAuthority(path.join(dir, 'other'));
  await withServer(files, async (port) => {
    await expect(get(`https://127.0.0.1:${port}/`, read(other.caFile))).rejects.toThrow(/certificate/);
  });
});

test('the authority may sign servers but no further authority', async () => {
  const authority = await ensureAuthority(dir);
  const files = await authority.certificate('emulator', HOSTS);
  const { stdout } = await run('openssl', ['x509', '-in', authority.caFile, '-noout', '-text']);
  expect(stdout).toMatch(/CA:TRUE, pathlen:0/);
  expect(stdout).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/);
  const verified = await run('openssl', [
    ...['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_ip', '127.0.0.1'],
    ...['-CAfile', authority.caFile, files.certFile],
  ]);
  expect(verified.stdout).toMatch(/OK/);
});

test('a second call keeps everything', async () => {
  const first = await ensureAuthority(dir);
  const files = await first.certificate('database', HOSTS);
  const before = [read(first.caFile), read(files.certFile)];
  const second = await ensureAuthority(dir);
  await second.certificate('database', HOSTS);
  expect([read(second.caFile), read(files.certFile)]).toEqual(before);
});

test('a host that is not in the certificate yet makes a new one', async () => {
  const authority = await ensureAuthority(dir);
  const files = await authority.certificate('database', ['localhost']);
  const before = read(files.certFile);
  await authority.certificate('database', HOSTS);
  expect(read(files.certFile)).not.toBe(before);
  expect(new crypto.X509Certificate(read(files.certFile)).checkIP('127.0.0.1')).toBe('127.0.0.1');
});

test.each(['ca.crt', 'ca.key', 'database.crt', 'database.key'])('a damaged %s is mended', async (name) => {
  await (await ensureAuthority(dir)).certificate('database', HOSTS);
  fs.truncateSync(path.join(dir, name), 40);
  const authority = await ensureAuthority(dir);
  const files = await authority.certificate('database', HOSTS);
  await withServer(files, async (port) => {
    await expect(get(`https://localhost:${port}/`, read(authority.caFile))).resolves.toBe('200');
  });
});

test('a key that belongs to another certificate is replaced', async () => {
  const authority = await ensureAuthority(dir);
  const files = await authority.certificate('database', HOSTS);
  const other = await authority.certificate('other', HOSTS);
  fs.copyFileSync(other.keyFile, files.keyFile);
  await authority.certificate('database', HOSTS);
  const certificate = new crypto.X509Certificate(read(files.certFile));
  expect(certificate.checkPrivateKey(crypto.createPrivateKey(read(files.keyFile)))).toBe(true);
});

test('a certificate is renewed thirty days before its end, the authority is kept', async () => {
  const first = await ensureAuthority(dir);
  const files = await first.certificate('database', HOSTS);
  const [ca, before] = [read(first.caFile), read(files.certFile)];
  const day = 24 * 60 * 60 * 1000;
  jest.useFakeTimers({ now: Date.now() + 366 * day, doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] });
  await (await ensureAuthority(dir)).certificate('database', HOSTS);
  expect(read(files.certFile)).toBe(before);
  jest.setSystemTime(Date.now() + 2 * day);
  await (await ensureAuthority(dir)).certificate('database', HOSTS);
  expect(read(files.certFile)).not.toBe(before);
  expect(read(first.caFile)).toBe(ca);
});

test.each([
  ['ca', HOSTS, /cannot name/],
  ['../escape', HOSTS, /cannot name/],
  ['empty', [], /at least one host/],
])('%s with %j is refused', async (name, hosts, message) => {
  await expect((await ensureAuthority(dir)).certificate(name, hosts)).rejects.toThrow(message);
});

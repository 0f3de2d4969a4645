import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { ensureAuthority } from '../../../lib/local/authority';
import { type Name, NAMES_VARIABLE } from '../../../lib/local/pipeline/world/names';

const run = promisify(execFile);
const NAME = 'api.clinic.example';
const WORLD = path.join(__dirname, '../../../lib/local/pipeline/world');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resolver-'));
const resolver = path.join(dir, 'resolver.cjs');
let server: https.Server;
let port: number;
let caFile: string;

beforeAll(async () => {
  const authority = await ensureAuthority(dir);
  ({ caFile } = authority);
  const { certFile, keyFile } = await authority.certificate('server', [NAME]);
  buildSync({
    entryPoints: [path.join(WORLD, 'resolver.ts')],
    bundle: true,
    platform: 'node',
    outfile: resolver,
  });
  server = https.createServer(
    { cert: fs.readFileSync(certFile), key: fs.readFileSync(keyFile) },
    (request, response) => response.end(`${request.headers.host ?? ''}${request.url ?? ''}`),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => {
  server.close();
  fs.rmSync(dir, { recursive: true });
});

async function told(program: string, names: readonly Name[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['--require', resolver, '--eval', program], {
    env: { NODE_EXTRA_CA_CERTS: caFile, [NAMES_VARIABLE]: JSON.stringify(names) },
  });
  return stdout.trim();
}

const FETCH = `fetch('https://${NAME}/v').then((r) => r.text()).then(console.log, (e) => console.log(e.cause.code))`;
const REQUEST = `require('https').get('https://${NAME}/v', (r) => r.pipe(process.stdout)).on('error', (e) => console.log(e.code))`;

test.each([
  ['fetch', FETCH],
  ['https', REQUEST],
])('%s reaches a name where it leads on this machine, and verifies its certificate', async (_, program) => {
  expect(await told(program, [{ host: NAME, port: 443, local: port }])).toBe(`${NAME}/v`);
});

test('a name whose server has a certificate for another is refused', async () => {
  const other = REQUEST.replaceAll(NAME, 'other.example');
  expect(await told(other, [{ host: 'other.example', port: 443, local: port }])).toBe(
    'ERR_TLS_CERT_ALTNAME_INVALID',
  );
});

test('another port of the name, and other names, are looked up as ever', async () => {
  expect(await told(FETCH, [{ host: NAME, port: 8443, local: port }])).toMatch(/ENOTFOUND|EAI_AGAIN/);
});

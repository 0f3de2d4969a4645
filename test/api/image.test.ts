import { spawn, spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildApi } from '../../app/build';
import { container } from '../../app/src/container';
import { IMAGE_LABELS } from '../../lib/release/aws/image-labels';

const ROOT = path.resolve(__dirname, '../..');
const instructions = fs
  .readFileSync(path.join(ROOT, container.dockerfile), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => {
    const space = line.indexOf(' ');
    return { name: line.slice(0, space), value: line.slice(space + 1) };
  });
const values = (name: string) =>
  instructions.filter((instruction) => instruction.name === name).map(({ value }) => value);
/** The instructions of the stage that is shipped. */
const shipped = instructions.slice(instructions.map(({ name }) => name).lastIndexOf('FROM'));

let dir: string;

beforeAll(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'image-'));
  buildApi(path.join(dir, 'one'));
});

afterAll(() => fs.rmSync(dir, { recursive: true }));

describe('the Dockerfile', () => {
  test('names its base image once, by exact version', () => {
    expect(values('ARG').filter((value) => value.includes('='))).toEqual([
      expect.stringMatching(/^NODE_IMAGE=[\w./-]+\/node:24\.\d+\.\d+-[\w-]+$/),
    ]);
    expect(values('FROM')).toEqual(['--platform=$BUILDPLATFORM ${NODE_IMAGE} AS build', '${NODE_IMAGE}']);
  });

  test('runs as the user, on the port and with the health check that the task definition expects', () => {
    expect(values('USER')).toEqual([container.user]);
    expect(container.user).not.toMatch(/^0|root/);
    expect(values('EXPOSE')).toEqual([String(container.port)]);
    expect(values('ENV')).toEqual([expect.stringContaining(`PORT=${container.port}`)]);
    const [kind, ...command] = container.healthCommand;
    expect(values('HEALTHCHECK')).toEqual([
      expect.stringContaining(`${kind} ${JSON.stringify(command).replace(/,/g, ', ')}`),
    ]);
  });

  test('says in its labels what it is built with, by the names that a release of an image alone reads', () => {
    const labels = shipped.filter(({ name }) => ['ARG', 'LABEL'].includes(name));
    expect(labels).toEqual([
      { name: 'ARG', value: 'VERSION' },
      { name: 'ARG', value: 'COMMIT' },
      {
        name: 'LABEL',
        value: `${IMAGE_LABELS.version}=\${VERSION} ${IMAGE_LABELS.commit}=\${COMMIT}`,
      },
    ]);
    expect(shipped.slice(-labels.length)).toEqual(labels);
  });

  test('ships nothing but the bundle, owned by root, and runs no command to make it', () => {
    expect(shipped.filter(({ name }) => ['RUN', 'ADD', 'COPY'].includes(name))).toEqual([
      { name: 'COPY', value: '--from=build --chown=0:0 /source/dist/app ./' },
    ]);
  });

  test('has no curl, no latest, no secret, and runs no install scripts', () => {
    const text = instructions.map(({ name, value }) => `${name} ${value}`).join('\n');
    expect(text).not.toMatch(/curl|wget|:latest|token|password|secret/i);
    expect(values('RUN')).toEqual(['npm ci --ignore-scripts', 'npx tsx app/build.ts']);
  });

  test('copies only what the context holds', () => {
    const context = fs
      .readFileSync(path.join(ROOT, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = values('COPY')
      .filter((value) => !value.startsWith('--from'))
      .flatMap((value) => value.split(' ').slice(0, -1));
    expect(copied.sort()).toEqual(context.sort());
    for (const name of context) expect(fs.existsSync(path.join(ROOT, name))).toBe(true);
  });
});

describe('the bundle', () => {
  test('is two files, the same each time', () => {
    buildApi(path.join(dir, 'two'));
    const read = (build: string) =>
      fs.readdirSync(path.join(dir, build)).map((name) => {
        const content = fs.readFileSync(path.join(dir, build, name));
        return [name, crypto.createHash('sha256').update(content).digest('hex')];
      });
    expect(read('one').map(([name]) => name)).toEqual(['health.js', 'main.js']);
    expect(read('two')).toEqual(read('one'));
  });

  test('names no folder of the machine that built it', () => {
    expect(fs.readFileSync(path.join(dir, 'one', 'main.js'), 'utf8')).not.toContain(ROOT);
  });

  test('needs no modules beside it: it gets as far as reading its environment', () => {
    const started = spawnSync(process.execPath, [path.join(dir, 'one', 'main.js')], {
      env: {},
      encoding: 'utf8',
    });
    expect(started.status).toBe(1);
    expect(started.stderr).toMatch(/^The API cannot start with this environment:\n {2}AWS_REGION: /);
  });

  test.each([
    [200, 0],
    [503, 1],
  ])('its health check answers a %d with %d', async (status, code) => {
    const asked: (string | undefined)[] = [];
    const server = http.createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await probe(port)).toBe(code);
    expect(asked).toEqual(['/health/live']);
    await new Promise((resolve) => server.close(resolve));
    expect(await probe(port)).toBe(1);
  });
});

async function probe(port: number): Promise<number | null> {
  const child = spawn(process.execPath, [path.join(dir, 'one', 'health.js')], {
    env: { PORT: String(port) },
    stdio: 'ignore',
  });
  return new Promise((resolve) => child.once('exit', resolve));
}

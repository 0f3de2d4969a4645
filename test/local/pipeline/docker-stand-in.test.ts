import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { Images } from '../../../lib/local/tasks/images';
import { Registry } from '../../../lib/local/tasks/registry';

const ROOT = path.resolve(__dirname, '../../..');
const REPOSITORY = '444444444444.dkr.ecr.us-east-1.amazonaws.com/telehealth/api';
const DOCKERFILE = `
FROM node AS build
WORKDIR /source
RUN npm ci
RUN mkdir -p dist && cp app.js dist/main.js
FROM node
WORKDIR /app
COPY --from=build --chown=0:0 /source/dist ./
`;

const program = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'docker-program-')), 'docker.cjs');
let dir: string;
let bundles: string;

beforeAll(() => {
  buildSync({
    entryPoints: [path.join(ROOT, 'lib/local/pipeline/world/docker-stand-in.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
});
afterAll(() => fs.rmSync(path.dirname(program), { recursive: true }));

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'docker-'));
  bundles = path.join(dir, 'bundles');
  const context = path.join(dir, 'context');
  fs.mkdirSync(context);
  fs.writeFileSync(path.join(context, 'Dockerfile'), DOCKERFILE);
  fs.writeFileSync(path.join(context, 'app.js'), 'one');
});
afterEach(() => fs.rmSync(dir, { recursive: true }));

function docker(args: readonly string[], environment: Readonly<Record<string, string>> = {}, input = '') {
  return spawnSync(process.execPath, [program, ...args], {
    cwd: path.join(dir, 'context'),
    encoding: 'utf8',
    input,
    env: {
      PATH: process.env['PATH'],
      REHEARSAL_MODULES: path.join(dir, 'modules'),
      REHEARSAL_BUNDLES: bundles,
      ...environment,
    },
  });
}
const build = (tag: string, environment = {}) =>
  docker(['buildx', 'build', '--tag', `${REPOSITORY}:${tag}`, '--push', '.'], environment);
const lookUp = (reference: string) =>
  docker(['buildx', 'imagetools', 'inspect', reference, '--format', '{{.Manifest.Digest}}']);

test('what is pushed is found by its tag and by its digest, and tasks start exactly that', () => {
  expect(lookUp(`${REPOSITORY}:a`).status).toBe(1);
  expect(build('a').stdout).toContain('No container engine: bundle sha256:');
  const { stdout } = lookUp(`${REPOSITORY}:a`);
  expect(stdout).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  const byDigest = `${REPOSITORY}@${stdout.trim()}`;
  expect(lookUp(byDigest).stdout).toBe(stdout);

  const images = new Images(path.join(dir, 'images'), '/nowhere', new Registry(bundles));
  const { root } = images.pull(byDigest);
  expect(fs.readFileSync(path.join(root, 'main.js'), 'utf8')).toBe('one');
  expect(images.pull(`${REPOSITORY}:a`)).toEqual(images.pull(byDigest));
});

test('a digest is pulled from the repository that it was pushed to, and from no other', () => {
  build('a');
  const elsewhere = `${REPOSITORY.replace('444444444444', '555555555555')}@${lookUp(`${REPOSITORY}:a`).stdout.trim()}`;
  expect(() => new Images(dir, '/nowhere', new Registry(bundles)).pull(elsewhere)).toThrow(
    `CannotPullContainerError: ${elsewhere}`,
  );
});

test('a tag is never moved, and the same content may be pushed again', () => {
  build('a');
  expect(build('a').status).toBe(0);
  fs.writeFileSync(path.join(dir, 'context', 'app.js'), 'two');
  const { status, stderr } = build('a');
  expect([status, stderr]).toEqual([1, expect.stringContaining('the tag is immutable')]);
  const first = lookUp(`${REPOSITORY}:a`).stdout;
  expect(build('b').status).toBe(0);
  expect(lookUp(`${REPOSITORY}:b`).stdout).not.toBe(first);
});

test('with a container engine the image is built by it, and what it ships is what tasks start', () => {
  const engine = path.join(dir, 'engine');
  const asked = path.join(dir, 'asked');
  fs.writeFileSync(
    engine,
    `#!/bin/sh
echo "$@" >> ${asked}
case "$1" in
  buildx) while [ "$1" != --iidfile ]; do shift; done; echo sha256:1 > "$2" ;;
  create) echo container ;;
  cp) mkdir "$3"; echo built > "$3/main.js" ;;
esac
`,
    { mode: 0o755 },
  );
  expect(build('a', { REHEARSAL_ENGINE: engine })).toMatchObject({ status: 0, stderr: '' });
  const [buildx, create, copy] = fs.readFileSync(asked, 'utf8').split('\n');
  expect(buildx).toMatch(/^buildx build --load .*--tag \S+:a \.$/);
  expect([create, copy]).toEqual(['create sha256:1', expect.stringMatching(/^cp container:\/app /)]);
  const { root } = new Images(dir, '/nowhere', new Registry(bundles)).pull(`${REPOSITORY}:a`);
  expect(fs.readFileSync(path.join(root, 'main.js'), 'utf8')).toBe('built\n');
});

test('a sign-in without a password, and what is not stood in for, are refused', () => {
  expect(docker(['login', '--username', 'AWS', '--password-stdin', 'x'], {}, '\n').status).toBe(1);
  expect(docker(['login', '--username', 'AWS', '--password-stdin', 'x'], {}, 'secret\n').status).toBe(0);
  expect(docker(['run', 'x'])).toMatchObject({
    status: 1,
    stderr: 'docker run is not stood in for in a rehearsal.\n',
  });
  expect(docker(['buildx', 'bake']).stderr).toContain('docker buildx bake is not stood in for');
});

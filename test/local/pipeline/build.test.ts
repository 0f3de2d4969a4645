import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type BuildOptions, type BuildResult, runBuild } from '../../../lib/local/pipeline/build/build';
import { BUILD_SWITCHES, type BuildSwitches } from '../../../lib/local/pipeline/build/switches';
import type { BuildVariable } from '../../../lib/local/pipeline/definition/model';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'build-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Ran extends BuildResult {
  readonly log: string;
}

interface Setup {
  readonly files?: Readonly<Record<string, string>>;
  readonly more?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly project?: readonly BuildVariable[];
  readonly buildspec?: string;
  readonly options?: Partial<BuildOptions>;
  readonly switches?: Partial<BuildSwitches>;
}

function write(to: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(to, name)), { recursive: true });
    fs.writeFileSync(path.join(to, name), text);
  }
  return to;
}

async function build(spec: object | undefined, setup: Setup = {}): Promise<Ran> {
  let log = '';
  const inputs = [
    { name: 'Source', folder: write(path.join(folder, 'input'), { 'a.txt': 'a', ...setup.files }) },
    ...Object.entries(setup.more ?? {}).map(([name, files]) => ({
      name,
      folder: write(path.join(folder, `input-${name}`), files),
    })),
  ];
  const own = path.join(folder, 'own');
  fs.mkdirSync(own);
  const buildspec = spec === undefined ? setup.buildspec : JSON.stringify({ version: '0.2', ...spec });
  const result = await runBuild({
    project: {
      name: 'Tried',
      serviceRoleArn: 'arn:aws:iam::555555555555:role/builder',
      image: 'aws/codebuild/standard:8.0',
      privileged: false,
      timeoutMinutes: 5,
      variables: setup.project ?? [],
      ...(buildspec === undefined ? {} : { buildspec }),
    },
    folder: own,
    inputs,
    outputs: [],
    variables: [],
    container: { PATH: process.env['PATH'] ?? '' },
    builtIn: { CODEBUILD_INITIATOR: 'codepipeline/tried' },
    lookUp: (type, name) => Promise.resolve(`${type}:${name}`),
    switches: { ...BUILD_SWITCHES, ...setup.switches },
    log: (text) => (log += text),
    ...setup.options,
  });
  return { ...result, log };
}

const phasesOf = ({ phases }: BuildResult): string[] => phases.map(({ name, status }) => `${name} ${status}`);

const plain = (name: string, value: string): BuildVariable => ({ name, type: 'PLAINTEXT', value });

describe('phases', () => {
  test('run in their order, whatever the order in the file', async () => {
    const ran = await build({
      phases: {
        post_build: { commands: ['echo 4'] },
        install: { commands: ['echo 1'] },
        build: { commands: ['echo 3'] },
        pre_build: { commands: ['echo 2'] },
      },
    });
    expect(ran.log.match(/^\d$/gm)).toEqual(['1', '2', '3', '4']);
    expect(ran.status).toBe('SUCCEEDED');
  });

  test.each(['install', 'pre_build'])('a failed %s ends the build, its finally runs', async (name) => {
    const ran = await build(
      {
        phases: {
          [name]: { commands: ['echo one; false', 'echo never'], finally: ['echo at last'] },
          post_build: { commands: ['echo never'] },
        },
        artifacts: { files: '**/*' },
      },
      { options: { outputs: ['Out'] } },
    );
    expect(ran.status).toBe('FAILED');
    expect(phasesOf(ran).at(-1)).toBe(`${name.toUpperCase()} FAILED`);
    expect(ran.log).toContain('at last\n');
    expect(ran.log).not.toMatch(/^never$/m);
    expect(ran.artifacts.size).toBe(0);
    expect(ran.problem).toMatch(/exit code 1$/);
  });

  const afterBuild = {
    phases: {
      build: { commands: ['false'] },
      post_build: { commands: ['echo "succeeding=$CODEBUILD_BUILD_SUCCEEDING" | tee told'] },
    },
    artifacts: { files: 'told' },
  };

  test('a failed build is followed by post_build and the upload, and the build has failed', async () => {
    const ran = await build(afterBuild, { options: { outputs: ['Out'] } });
    expect(ran.status).toBe('FAILED');
    expect(phasesOf(ran).slice(2)).toEqual([
      'BUILD FAILED',
      'POST_BUILD SUCCEEDED',
      'UPLOAD_ARTIFACTS SUCCEEDED',
    ]);
    expect(fs.readFileSync(path.join(ran.artifacts.get('Out')!, 'told'), 'utf8')).toBe('succeeding=0\n');
  });

  test('switched, nothing is uploaded after a failure', async () => {
    const ran = await build(afterBuild, {
      options: { outputs: ['Out'] },
      switches: { uploadsAfterFailure: false },
    });
    expect(phasesOf(ran).at(-1)).toBe('POST_BUILD SUCCEEDED');
    expect(ran.status).toBe('FAILED');
  });

  test('on-failure: ABORT ends after a failed build', async () => {
    const ran = await build({
      phases: {
        build: { 'on-failure': 'ABORT', commands: ['false'] },
        post_build: { commands: ['echo never'] },
      },
    });
    expect(phasesOf(ran).at(-1)).toBe('BUILD FAILED');
  });

  test.each([
    [true, 'FAILED'],
    [false, 'SUCCEEDED'],
  ])('on-failure: CONTINUE goes on; whether the build fails is switched (%s)', async (fails, status) => {
    const ran = await build(
      {
        phases: {
          install: { 'on-failure': 'CONTINUE', commands: ['false'] },
          build: { commands: ['echo went on'] },
        },
      },
      { switches: { continuedFailureFails: fails } },
    );
    expect(ran.log).toContain('went on\n');
    expect(ran.status).toBe(status);
  });

  test('a build that takes too long is ended with what it started', async () => {
    const ran = await build(
      {
        phases: {
          build: { commands: ['sleep 30 & echo $! > ../pid; wait'] },
          post_build: { commands: ['true'] },
        },
      },
      { options: { signal: AbortSignal.timeout(500) } },
    );
    expect(ran.status).toBe('STOPPED');
    expect(phasesOf(ran).at(-1)).toBe('BUILD TIMED_OUT');
    const pid = Number(fs.readFileSync(path.join(folder, 'own', 'pid'), 'utf8'));
    const state = fs.existsSync(`/proc/${pid}/stat`) ? fs.readFileSync(`/proc/${pid}/stat`, 'utf8') : ') Z';
    expect(state).toMatch(/\) Z/);
  });
});

describe('the shell', () => {
  test('is one: folders, exports and plain variables carry over between commands and phases', async () => {
    const ran = await build({
      phases: {
        install: { commands: ['mkdir sub; cd sub', 'export GIVEN=1', 'kept=2'] },
        build: { commands: ['echo "$(basename "$PWD") $GIVEN $kept"'] },
      },
    });
    expect(ran.log).toContain('sub 1 2\n');
  });

  test('of version 0.1 is another for every command', async () => {
    const ran = await build({
      version: '0.1',
      phases: { build: { commands: ['export GIVEN=1; cd /', 'echo "[$GIVEN] $(basename "$PWD")"'] } },
    });
    expect(ran.log).toContain('[] src\n');
  });

  test('switched, is another for every phase', async () => {
    const ran = await build(
      { phases: { install: { commands: ['export GIVEN=1'] }, build: { commands: ['echo "[$GIVEN]"'] } } },
      { switches: { oneShellForAllPhases: false } },
    );
    expect(ran.log).toContain('[]\n');
  });

  test('that a command ends is followed by one with the same exports', async () => {
    const ran = await build({
      phases: {
        build: { commands: ['export GIVEN=1', 'exit 7', 'echo never'] },
        post_build: { commands: ['echo "[$GIVEN]"'] },
      },
    });
    expect(ran.problem).toContain('exit code 7');
    expect(ran.log).toContain('[1]\n');
    expect(ran.log).not.toMatch(/^never$/m);
  });

  test('has no set -e: of several lines the last exit code counts', async () => {
    const ran = await build({ phases: { build: { commands: ['false\necho on', 'echo a\nfalse'] } } });
    expect(ran.log).toMatch(/^on$/m);
    expect(ran.status).toBe('FAILED');
  });

  test('has no input to wait for, and is bash where asked', async () => {
    const ran = await build({
      env: { shell: 'bash' },
      phases: { build: { commands: ['cat', 'words=(a b); echo "${words[1]}"'] } },
    });
    expect(ran.log).toMatch(/^b$/m);
  });
});

describe('variables', () => {
  test("the action's beat the project's, which beat the buildspec's; none is expanded", async () => {
    const ran = await build(
      {
        env: { variables: { A: 'spec', B: 'spec', C: 'spec', D: '$PATH', CODEBUILD_INITIATOR: 'me' } },
        phases: { build: { commands: ['echo "$A $B $C $D $CODEBUILD_INITIATOR"'] } },
      },
      {
        project: [plain('A', 'project'), plain('B', 'project')],
        options: { variables: [plain('A', 'action')] },
      },
    );
    expect(ran.log).toContain('action project spec $PATH codepipeline/tried\n');
  });

  test('parameters and secrets are looked up, masked and not exported', async () => {
    const ran = await build(
      {
        env: {
          'secrets-manager': { S: 'db:password' },
          'exported-variables': ['S', 'AWS_X', 'FINE', 'NEVER'],
        },
        phases: { build: { commands: ['echo "$S/$P"', 'export AWS_X=1 FINE="a b=c"'] } },
      },
      { project: [{ name: 'P', type: 'PARAMETER_STORE', value: '/p' }] },
    );
    expect(ran.log).toMatch(/^\*\*\*\/\*\*\*$/m);
    expect(ran.log).not.toContain('SECRETS_MANAGER:db:password');
    expect(ran.exported).toEqual({ FINE: 'a b=c' });
  });

  test('exported values are those of the end of post_build', async () => {
    const ran = await build({
      env: { 'exported-variables': ['V'] },
      phases: { build: { commands: ['export V=1'] }, post_build: { commands: ['export V=2'] } },
    });
    expect(ran.exported).toEqual({ V: '2' });
  });
});

describe('sources and artifacts', () => {
  test('every input stands in a copy of its own, the primary one is where commands run', async () => {
    const ran = await build(
      {
        phases: {
          build: {
            commands: [
              'test "$PWD" = "$CODEBUILD_SRC_DIR" && cat a.txt "$CODEBUILD_SRC_DIR_More/b.txt"',
              'ln -s -- "$CODEBUILD_SRC_DIR_More" more && cat more/b.txt && rm a.txt',
            ],
          },
        },
      },
      { more: { More: { 'b.txt': 'b' } } },
    );
    expect(ran.status).toBe('SUCCEEDED');
    expect(fs.existsSync(path.join(folder, 'input', 'a.txt'))).toBe(true);
  });

  test('a buildspec may be a file of the primary source, in YAML', async () => {
    const ran = await build(undefined, {
      buildspec: 'specs/one.yaml',
      files: {
        'specs/one.yaml': 'version: 0.2\nphases:\n  build:\n    commands:\n      - echo from a file\n',
      },
    });
    expect(ran.log).toContain('from a file\n');
    expect((await rebuilt(undefined, { buildspec: 'missing.yaml' })).problem).toContain('YAML_FILE_ERROR');
  });

  test('several outputs come from secondary-artifacts, one from the primary', async () => {
    const files = { 'out/x/1': '1', 'out/.hidden': 'h', 'out/2.log': '2', 'other/3': '3' };
    const one = { 'base-directory': 'out', files: ['**/*'], 'exclude-paths': '**/*.log' };
    const two = { 'base-directory': 'other', files: '3' };
    const ran = await build(
      { artifacts: { 'secondary-artifacts': { One: one, Two: two } } },
      { files, options: { outputs: ['One', 'Two'] } },
    );
    const left = (name: string): string[] =>
      (fs.readdirSync(ran.artifacts.get(name)!, { recursive: true }) as string[]).sort();
    expect(left('One')).toEqual(['.hidden', 'x', 'x/1']);
    expect(left('Two')).toEqual(['3']);
  });

  test('discard-paths flattens; links are followed unless they are to be kept', async () => {
    const phases = { build: { commands: ['mkdir -p d/e; echo x > d/e/f; ln -s f d/e/g'] } };
    const flat = await build(
      { phases, artifacts: { files: ['d/**/*'], 'discard-paths': 'yes' } },
      { options: { outputs: ['Out'] } },
    );
    const at = (ran: Ran, file: string): fs.Stats => fs.lstatSync(path.join(ran.artifacts.get('Out')!, file));
    expect(at(flat, 'f').isFile() && at(flat, 'g').isFile()).toBe(true);
    const kept = await rebuilt(
      { phases, artifacts: { files: ['**/*'], 'enable-symlinks': 'yes' } },
      { options: { outputs: ['Out'] } },
    );
    expect(at(kept, 'd/e/g').isSymbolicLink()).toBe(true);
  });

  test.each([true, false])('a base-directory that is not there is switched (%s)', async (fails) => {
    const ran = await build(
      { artifacts: { 'base-directory': 'nowhere', files: '**/*' } },
      { options: { outputs: ['Out'] }, switches: { missingBaseDirectoryFails: fails } },
    );
    expect(phasesOf(ran).at(-1)).toBe(`UPLOAD_ARTIFACTS ${fails ? 'FAILED' : 'SUCCEEDED'}`);
    expect(ran.status).toBe(fails ? 'FAILED' : 'SUCCEEDED');
  });

  test('an artifact that nothing matches fails the upload', async () => {
    const ran = await build({ artifacts: { files: '*.zip' } }, { options: { outputs: ['Out'] } });
    expect(ran.problem).toBe('CLIENT_ERROR: no matching artifact paths found for *.zip');
  });
});

test.each([
  [{ batch: {} }, 'batch builds are not played'],
  [{ 'run-as': 'someone' }, 'another user'],
  [{ phases: { build: { 'on-failure': 'RETRY', commands: [] } } }, 'phases.build.on-failure'],
  [{ env: { shell: 'powershell.exe' } }, 'env.shell'],
])('what is not played is refused in words: %j', async (spec, words) => {
  const ran = await build(spec);
  expect(ran.status).toBe('FAILED');
  expect(ran.problem).toContain(words);
});

/** Another build in the same test. */
async function rebuilt(spec: object | undefined, setup: Setup): Promise<Ran> {
  for (const name of ['own', 'input']) fs.rmSync(path.join(folder, name), { recursive: true });
  return build(spec, setup);
}

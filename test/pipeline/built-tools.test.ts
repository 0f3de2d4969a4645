import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { digestOf, pinCommand, TOOLS_DIGEST } from '../../lib/pipeline/steps/built-tools';
import { platformTemplate } from '../support/platform';
import { actionOf, actionsOf, allVariablesOf, projectOf } from './support';

const top = fs.mkdtempSync(path.join(os.tmpdir(), 'tools-'));
afterAll(() => fs.rmSync(top, { recursive: true, force: true }));

let count = 0;
/** Built tools, one of them in a folder of its own. */
function tools(): string {
  const folder = path.join(top, `${(count += 1)}`);
  fs.mkdirSync(path.join(folder, 'compare'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'guard.js'), 'judge()');
  fs.writeFileSync(path.join(folder, 'compare/review.js'), 'review()');
  return folder;
}
const digest = (folder: string, cwd = top): string =>
  execFileSync('sh', ['-c', `printf %s "${digestOf(folder)}"`], { cwd, encoding: 'utf8' });
const pinned = digest(tools());

/** What a build says that finds the tools in the folder, and the code it ends with. */
function build(cwd: string, told: string, ...apart: readonly string[]) {
  const env = { PATH: process.env['PATH'], [TOOLS_DIGEST]: told };
  const { status, stderr } = spawnSync('sh', ['-c', pinCommand(apart)], { cwd, env, encoding: 'utf8' });
  return { status, stderr };
}
const refused = { status: 1, stderr: expect.stringContaining('not the tools that the synth step') as string };

test('tools that were built are run, wherever they stand and whatever is linked beside them', () => {
  expect(pinned).toMatch(/^[0-9a-f]{64}$/);
  const folder = tools();
  expect(digest('.', folder)).toBe(pinned);
  fs.symlinkSync(top, path.join(folder, 'assembly'));
  expect(build(folder, pinned, 'assembly')).toEqual({ status: 0, stderr: '' });
});

test.each<[string, (folder: string) => void]>([
  ['altered', (folder) => fs.appendFileSync(path.join(folder, 'compare/review.js'), ';steal()')],
  ['removed', (folder) => fs.rmSync(path.join(folder, 'guard.js'))],
  ['added', (folder) => fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}')],
  ['renamed', (folder) => fs.renameSync(path.join(folder, 'guard.js'), path.join(folder, 'smoke.js'))],
  ['linked', (folder) => fs.symlinkSync('guard.js', path.join(folder, 'smoke.js'))],
  ['linked from elsewhere', (folder) => fs.symlinkSync(top, path.join(folder, 'node_modules'))],
])('tools of which one was %s are not run', (_how, exchange) => {
  const folder = tools();
  exchange(folder);
  expect(build(folder, pinned)).toMatchObject(refused);
});

test('without a digest nothing is run', () => {
  expect(build(tools(), '')).toMatchObject(refused);
});

test('no step of an environment, and none of the evidence, runs a tool that it has not compared with the synth step’s', () => {
  const template = platformTemplate('Pipeline');
  const synth = actionOf(template, 'Build', 'Synth');
  expect(projectOf(template, synth).Source.BuildSpec).toContain(`export ${TOOLS_DIGEST}=`);
  const actions = ['Evidence', 'Staging', 'Prod']
    .flatMap((stage) => actionsOf(template, stage))
    .filter(({ Configuration }) => Configuration.ProjectName !== undefined);
  expect(actions.length).toBeGreaterThan(20);
  for (const action of actions) {
    expect(allVariablesOf(template, action)[TOOLS_DIGEST]).toBe(`#{${synth.Namespace}.${TOOLS_DIGEST}}`);
    const { phases } = JSON.parse(projectOf(template, action).Source.BuildSpec) as {
      phases: { install: { commands?: string[] }; build: { commands: string[] } };
    };
    const linked = (phases.install.commands ?? []).map((command) => /"(\w+)"$/.exec(command)?.[1] ?? '');
    expect(phases.build.commands).toEqual([pinCommand(linked), expect.stringMatching(/^node \S+\.js( |$)/)]);
  }
});

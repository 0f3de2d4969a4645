import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Players } from '../../../lib/local/pipeline/actions/players';
import { BUILD_SWITCHES } from '../../../lib/local/pipeline/build/switches';
import type { Action, Definition, Provider } from '../../../lib/local/pipeline/definition/model';
import { play, type PlayOptions } from '../../../lib/local/pipeline/play/play';
import { keepProgress, readProgress } from '../../../lib/local/pipeline/play/progress';
import { Recorder } from '../../../lib/local/pipeline/play/recorder';
import { Variables } from '../../../lib/local/pipeline/play/variables';
import { summary } from '../../../lib/local/pipeline/text/summary';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'play-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('variables', () => {
  test('are resolved from namespaces, several in one value', () => {
    const variables = new Variables('execution-1');
    variables.put('Stage@Step', { WORDS: '3' });
    variables.put(undefined, { WORDS: 'of nobody' });
    const value = '[{"value":"#{Stage@Step.WORDS} of #{codepipeline.PipelineExecutionId}"}]';
    expect(variables.resolve({ EnvironmentVariables: value })).toEqual({
      EnvironmentVariables: '[{"value":"3 of execution-1"}]',
    });
  });

  test.each(['#{Nobody.WORDS}', '#{codepipeline.Nothing}'])(
    '%s that nobody left fails the action',
    (value) => {
      expect(() => new Variables('one').resolve({ A: value })).toThrow(/no earlier action left it/);
    },
  );

  test('are limited as CodePipeline limits them', () => {
    const variables = new Variables('one');
    expect(() => variables.put('N', { V: 'x'.repeat(122_880) })).toThrow(/122880 bytes/);
    variables.put('N', { V: 'x'.repeat(60_000) });
    expect(() => variables.resolve({ A: '#{N.V}', B: '#{N.V}' })).toThrow(/102400 bytes/);
  });
});

test('progress is refused when its artifacts are gone', () => {
  const artifact = path.join(folder, 'artifact');
  fs.mkdirSync(artifact);
  const progress = {
    execution: 'one',
    commit: 'abc',
    done: ['S/A'],
    artifacts: { Out: artifact },
    variables: {},
  };
  expect(() => readProgress(folder)).toThrow('There is no execution to retry.');
  keepProgress(folder, progress);
  expect(readProgress(folder)).toEqual(progress);
  fs.rmSync(artifact, { recursive: true });
  expect(() => readProgress(folder)).toThrow('The artifacts Out are gone.');
});

test('what was played is told as it happens, summed up and kept', () => {
  const told: string[] = [];
  const recorder = new Recorder(path.join(folder, 'record'), (line) => told.push(line));
  const execution = recorder.execution('one', [{ name: 'Build', actions: ['Synth'] }]);
  const good = recorder.action('one', 'Build', 'Synth', 'CodeBuild');
  const bad = recorder.action('one', 'Live', 'Deploy', 'CloudFormation');
  recorder.end(good, 'Succeeded', 'done');
  recorder.end(bad, 'Failed', 'the stack rolled back');
  recorder.endExecution(execution, 'Failed', 'stage Live failed');
  expect(told.join('\n')).toMatch(/✓ Build\/Synth .* done\n.*✗ Live\/Deploy .* the stack rolled back\n/);
  const text = summary(recorder).join('\n');
  expect(text).toContain('stage Live failed');
  expect(text).toContain(`log of what failed: ${bad.log}`);
  const kept = JSON.parse(fs.readFileSync(path.join(folder, 'record', 'record.json'), 'utf8')) as {
    actions: { status: string }[];
  };
  expect(kept.actions.map(({ status }) => status)).toEqual(['Succeeded', 'Failed']);
});

describe('a pipeline that changes itself', () => {
  const action = (name: string, provider: Provider): Action => ({
    ...{
      name,
      provider,
      category: 'Any',
      runOrder: 1,
      inputs: [],
      outputs: [],
      configuration: { ProjectName: 'it' },
    },
  });
  /** Source, build and self-mutation, then a stage of builds by name. */
  const pipelineOf = (checks: readonly string[], restartOnUpdate = true, image = 'one'): Definition => ({
    ...{ stackName: 'small', account: '555555555555', region: 'us-east-1' },
    pipeline: {
      ...{ name: 'small', roleArn: 'arn:aws:iam::555555555555:role/it', restartOnUpdate },
      executionMode: 'QUEUED',
      stages: [
        { name: 'Source', actions: [action('Commit', 'CodeStarSourceConnection')] },
        { name: 'Build', actions: [action('Synth', 'CodeBuild')] },
        { name: 'UpdatePipeline', actions: [action('SelfMutate', 'CodeBuild')] },
        { name: 'Live', actions: checks.map((name) => action(name, 'CodeBuild')) },
      ],
    },
    projects: new Map([
      ['it', { name: 'it', image, serviceRoleArn: 'r', privileged: false, variables: [], timeoutMinutes: 1 }],
    ]),
  });
  let played: string[];
  let images: (string | undefined)[];

  /** Plays it; `mutated` is what stands deployed once the pipeline has updated itself so many times. */
  const playIt = (definition: Definition, mutated: (times: number) => Definition | undefined) => {
    played = [];
    images = [];
    let times = 0;
    const perform = ({
      action: { name },
      definition: { projects: known },
    }: Parameters<Players['Manual']>[0]) => {
      played.push(name);
      images.push(known.get('it')?.image);
      if (name === 'SelfMutate') times += 1;
      return {};
    };
    const recorder = new Recorder(path.join(folder, 'record'), () => undefined);
    // The players here look at none of the rest.
    const options = {
      ...{ definition, recorder, work: folder, retry: undefined, switches: BUILD_SWITCHES },
      revision: { repository: folder, commit: 'abc' },
      players: {
        CodeStarSourceConnection: perform,
        CodeBuild: perform,
        CloudFormation: perform,
        Manual: perform,
      },
      deployed: () => Promise.resolve(times === 0 ? definition : mutated(times)),
      approve: () => Promise.resolve(undefined),
      signal: new AbortController().signal,
    } as unknown as PlayOptions;
    return { status: play(options), recorder };
  };

  test('is cancelled, and begins anew from the source with the definition as deployed', async () => {
    const { status, recorder } = playIt(pipelineOf(['Check']), () => pipelineOf(['Check', 'CheckAgain']));
    expect(await status).toBe('Succeeded');
    expect(played).toEqual([
      ...['Commit', 'Synth', 'SelfMutate'],
      ...['Commit', 'Synth', 'SelfMutate', 'Check', 'CheckAgain'],
    ]);
    expect(recorder.executions).toMatchObject([
      { status: 'Cancelled', reason: 'the definition was updated before it could complete' },
      { status: 'Succeeded' },
    ]);
    expect(new Set(recorder.executions.map(({ id }) => id)).size).toBe(2);
  });

  test('goes on when it changes build projects alone, with the new ones', async () => {
    const { status, recorder } = playIt(pipelineOf(['Check']), () => pipelineOf(['Check'], true, 'two'));
    expect(await status).toBe('Succeeded');
    expect(played).toEqual(['Commit', 'Synth', 'SelfMutate', 'Check']);
    expect(images).toEqual(['one', 'one', 'one', 'two']);
    expect(recorder.executions).toHaveLength(1);
  });

  test('plays on what it began with when its definition does not restart executions', async () => {
    const { status } = playIt(pipelineOf(['Check'], false), () => pipelineOf(['Check', 'Again'], false));
    expect(await status).toBe('Succeeded');
    expect(played).toEqual(['Commit', 'Synth', 'SelfMutate', 'Check']);
  });

  test('is given up when it changes itself every time', async () => {
    const { status } = playIt(pipelineOf(['Check']), (times) => pipelineOf(['Check', `Check${times}`]));
    await expect(status).rejects.toThrow('The pipeline has changed itself 4 times');
    expect(played.filter((name) => name === 'SelfMutate')).toHaveLength(4);
    expect(played).not.toContain('Check');
  });

  test('that has become one which cannot be played is refused before its first action', async () => {
    const strange = { ...action('Strange', 'Manual'), provider: 'Lambda' };
    const changed = pipelineOf(['Check']);
    const { status } = playIt(pipelineOf(['Check']), () => ({
      ...changed,
      pipeline: {
        ...changed.pipeline,
        stages: [...changed.pipeline.stages, { name: 'Odd', actions: [strange] }],
      },
    }));
    await expect(status).rejects.toThrow(/cannot be played[^]*Lambda/);
    expect(played).toEqual(['Commit', 'Synth', 'SelfMutate']);
  });
});

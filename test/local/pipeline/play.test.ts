import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
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

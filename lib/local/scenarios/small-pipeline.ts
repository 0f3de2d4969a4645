import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Account of the small pipeline; no other scenario has anything in it. */
const ACCOUNT = '555555555555';

/** Another company's application: a pipeline that deploys one parameter, and runs a step for each name in a file. */
const APPLICATION = `
const { App, Stack, Stage } = require('aws-cdk-lib');
const { PipelineType } = require('aws-cdk-lib/aws-codepipeline');
const { StringParameter } = require('aws-cdk-lib/aws-ssm');
const { CodePipeline, CodePipelineSource, ShellStep } = require('aws-cdk-lib/pipelines');

const env = { account: '${ACCOUNT}', region: 'us-east-1' };
const app = new App({ outdir: process.env.CDK_OUTDIR ?? 'cdk.out' });
const stack = new Stack(app, 'Small', { env, stackName: 'small-pipeline' });
const connectionArn = 'arn:aws:codeconnections:us-east-1:${ACCOUNT}:connection/1';
const pipeline = new CodePipeline(stack, 'Pipeline', {
  pipelineName: 'small',
  pipelineType: PipelineType.V2,
  synth: new ShellStep('Synth', {
    input: CodePipelineSource.connection('example/small', 'main', { connectionArn }),
    commands: ['node app.js'],
  }),
});
const live = new Stage(app, 'Live', { env });
new StringParameter(new Stack(live, 'Notes'), 'Note', { stringValue: 'kept' });
const steps = require('./steps.json');
pipeline.addStage(live, { post: steps.map((name) => new ShellStep(name, { commands: ['echo ' + name] })) });
app.synth();
`;

/** A repository of a small pipeline that changes itself. */
export interface SmallPipeline {
  /** Its folder; what is checked out has one step. */
  readonly root: string;
  /** A commit that has another step. */
  readonly commit: string;
  /** Name of that step. */
  readonly step: string;
}

/**
 * Writes the repository anew.
 *
 * @param root - its folder
 * @param modules - `node_modules` that hold the CDK
 */
export function smallPipeline(root: string, modules: string): SmallPipeline {
  // Named after the moment, so that it is new to a pipeline that an earlier scenario has left.
  const step = `Check${Date.now()}`;
  fs.rmSync(root, { recursive: true, force: true });
  fs.mkdirSync(root, { recursive: true });
  const write = (name: string, text: string): void => fs.writeFileSync(path.join(root, name), text);
  const git = (...args: readonly string[]): string =>
    execFileSync(
      'git',
      ['-C', root, '-c', 'user.name=scenario', '-c', 'user.email=scenario@example.org', ...args],
      {
        encoding: 'utf8',
      },
    ).trim();
  git('init', '--quiet', '--initial-branch', 'main');
  fs.symlinkSync(modules, path.join(root, 'node_modules'));
  write('cdk.json', JSON.stringify({ app: 'node app.js' }));
  write('app.js', APPLICATION);
  write('steps.json', JSON.stringify(['Check']));
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Check what was deployed');
  const first = git('rev-parse', 'HEAD');
  write('steps.json', JSON.stringify(['Check', step]));
  git('commit', '--quiet', '--all', '--message', 'Check it twice');
  const commit = git('rev-parse', 'HEAD');
  git('checkout', '--quiet', first);
  return { root, commit, step };
}

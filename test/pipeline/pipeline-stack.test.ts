import * as fs from 'node:fs';
import * as path from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import packageJson from '../../package.json';
import { digestOf } from '../../lib/pipeline/steps/built-tools';
import { platformFolder, platformTemplate } from '../support/platform';
import { normalised } from '../support/snapshot';

interface Action {
  readonly Name: string;
  readonly RunOrder: number;
  readonly ActionTypeId: { readonly Category: string; readonly Provider: string };
}
interface Stage {
  readonly Name: string;
  readonly Actions: readonly Action[];
}

const template = platformTemplate('Pipeline');
const pipeline = Object.values(template.findResources('AWS::CodePipeline::Pipeline'))[0] as {
  Properties: { Stages: readonly Stage[] };
};
const stages = pipeline.Properties.Stages;

/** A stage as lists of the actions that run beside each other, in the order of the lists. */
function order(stage: Stage): string[] {
  const turns = [...new Set(stage.Actions.map(({ RunOrder }) => RunOrder))].sort((a, b) => a - b);
  return turns.map((turn) =>
    stage.Actions.filter(({ RunOrder }) => RunOrder === turn)
      .map(({ Name }) => Name)
      .sort()
      .join(' | '),
  );
}

const DEPLOYMENT = [
  'VerifyEvidence',
  'Network.Prepare',
  'Network.GuardNetwork',
  'Network.Deploy',
  'Auth.Prepare | Data.Prepare',
  'Auth.GuardAuth | Data.GuardData',
  'Auth.Deploy | Data.Deploy',
  'Data.Migrate',
  'App.Prepare | Video.Prepare',
  'App.GuardApp | Video.GuardVideo',
  'App.Deploy | Video.Deploy',
  'App.Release',
  'App.Smoke',
  'Contract',
  'PublishEvidence',
];

test('the whole action graph, in its order', () => {
  expect(stages.map((stage) => [stage.Name, order(stage)])).toEqual([
    ['Source', ['example-telehealth_platform']],
    ['Build', ['Image', 'Synth']],
    ['UpdatePipeline', ['SelfMutate']],
    ['Assets', ['FileAssets']],
    ['Evidence', ['Seal']],
    ['Staging', DEPLOYMENT.flatMap((turn) => (turn === 'App.Smoke' ? [turn, 'App.LoadSmoke'] : [turn]))],
    ['Prod', ['Review', 'ApproveProd', ...DEPLOYMENT]],
  ]);
});

test('the approval is a person’s', () => {
  const approval = stages.at(-1)?.Actions.find(({ Name }) => Name === 'ApproveProd');
  expect(approval?.ActionTypeId).toMatchObject({ Category: 'Approval', Provider: 'Manual' });
});

interface Project {
  readonly Properties: {
    readonly Environment: { readonly PrivilegedMode: boolean };
    readonly LogsConfig?: { readonly CloudWatchLogs?: { readonly GroupName?: { readonly Ref?: string } } };
    readonly Source: { readonly BuildSpec: string };
  };
}
const projects = Object.values(
  template.findResources('AWS::CodeBuild::Project'),
) as unknown as readonly Project[];

/** The commands of a build; those of an asset stand in a file of the assembly. */
function commandsOf({ Properties }: Project): readonly string[] {
  const written = Properties.Source.BuildSpec;
  const text = written.startsWith('{')
    ? written
    : fs.readFileSync(path.join(platformFolder(), written), 'utf8');
  const { phases } = JSON.parse(text) as { phases: Record<string, { commands?: string | string[] }> };
  return Object.values(phases).flatMap(({ commands }) => commands ?? []);
}
const builds = projects.map((project) => ({ project, commands: commandsOf(project) }));

test('no build step is empty, and each tool that a step installs is pinned', () => {
  expect(builds.length).toBeGreaterThan(2);
  for (const { commands } of builds) {
    expect(commands.length).toBeGreaterThan(0);
    for (const install of commands.filter((command) => command.includes('npm install')))
      expect(install).toMatch(/(aws-cdk@2\.1148\.1|cdk-assets@4\.7\.3)$/);
  }
});

test('the synth step tests, synthesises through the gate and verifies what the gate wrote', () => {
  const synth = builds.find(({ commands }) => commands.includes('npm ci'));
  expect(synth?.commands).toEqual([
    'npm ci',
    'npm test -- --fast',
    'npx tsx bin/evidence.ts collect',
    'npx cdk synth --quiet --context image="$IMAGE_DIGEST"',
    'npx tsx bin/gate.ts verify cdk.out',
    'npm run build -- tools',
    `export TOOLS_DIGEST="${digestOf('dist/tools')}"`,
  ]);
});

test('the pipeline updates itself with the CLI that laptops use', () => {
  expect(builds.flatMap(({ commands }) => commands)).toContain(
    `npm install -g aws-cdk@${packageJson.devDependencies['aws-cdk']}`,
  );
});

test('runs one execution after the other, started by pushes to the followed branch', () => {
  template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
    PipelineType: 'V2',
    ExecutionMode: 'QUEUED',
    RestartExecutionOnUpdate: true,
    Stages: Match.arrayWith([
      Match.objectLike({
        Name: 'Source',
        Actions: [
          Match.objectLike({
            Configuration: Match.objectLike({
              BranchName: 'main',
              FullRepositoryId: 'example-telehealth/platform',
            }),
          }),
        ],
      }),
    ]),
  });
});

test('artifacts and build logs are encrypted with the pipeline’s own key, and artifacts are logged', () => {
  const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('^StorageKey'), 'Arn'] };
  template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
    ArtifactStore: Match.objectLike({ EncryptionKey: { Id: key, Type: 'KMS' } }),
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: key, RetentionInDays: 365 });
  template.hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        Match.objectLike({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } }),
      ],
    },
    LoggingConfiguration: Match.objectLike({ LogFilePrefix: 's3/artifacts/' }),
  });
});

test('every build writes to the encrypted log group, and only what builds the image is privileged', () => {
  for (const { project, commands } of builds) {
    expect(project.Properties.LogsConfig?.CloudWatchLogs?.GroupName?.Ref).toMatch(/^StorageBuildLogs/);
    expect([project.Properties.Environment.PrivilegedMode, commands.join().includes('docker')]).toEqual(
      commands.join().includes('docker') ? [true, true] : [false, false],
    );
  }
});

test('people are told of a failed execution and of an approval that waits, over an encrypted topic', () => {
  template.hasResourceProperties('AWS::SNS::Topic', {
    KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^NoticesKey'), 'Arn'] },
  });
  for (const detail of [
    { state: ['FAILED', 'STOPPED'] },
    { state: ['STARTED'], type: { category: ['Approval'] } },
  ])
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ source: ['aws.codepipeline'], detail: Match.objectLike(detail) }),
      Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('^NoticesTopic') } })],
    });
});

test('the template is as it was', () => {
  expect(normalised(template)).toMatchSnapshot();
});

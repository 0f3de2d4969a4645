import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { imageDigest } from '../../lib/config/image-digest';
import { loadConfiguration } from '../../lib/config/load';
import { PipelineStack } from '../../lib/pipeline/pipeline-stack';
import { PlatformStage } from '../../lib/platform-stage';
import { NO_IMAGE } from '../../lib/shared/image-repository';
import { configuredEnvironment, testApp } from '../support/app';
import { platformTemplate } from '../support/platform';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const REPOSITORY = '444444444444.dkr.ecr.us-east-1.';
const configuration = loadConfiguration();
const stack = new PipelineStack(testApp(), 'Pipeline', {
  configuration,
  commit: '0'.repeat(40),
  imageDigest: DIGEST,
});
const template = Template.fromStack(stack);

/** Template of the App stack of an environment of a pipeline. */
function appOf(pipeline: PipelineStack, id: string): Template {
  const stage = pipeline.node.findChild(id);
  if (!(stage instanceof PlatformStage)) throw new Error(`${id} is no environment.`);
  return Template.fromStack(stage.app);
}

/** Image of the API's container in an App stack, as text. */
function imageIn(app: Template): string {
  const [definition] = Object.values(app.findResources('AWS::ECS::TaskDefinition'));
  const { ContainerDefinitions } = (
    definition as { Properties: { ContainerDefinitions: { Image: unknown }[] } }
  ).Properties;
  return JSON.stringify(ContainerDefinitions[0]?.Image);
}

const repository = Object.values(template.findResources('AWS::ECR::Repository'))[0] as {
  Properties: {
    LifecyclePolicy: { LifecyclePolicyText: string };
    RepositoryPolicyText: { Statement: { Sid: string; Action: string | string[] }[] };
  };
  DeletionPolicy: string;
};

describe('the repository', () => {
  test('keeps its tags, scans, has a key of its own that is rotated, and stays', () => {
    template.hasResource('AWS::ECR::Repository', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        RepositoryName: 'telehealth/api',
        ImageTagMutability: 'IMMUTABLE',
        ImageScanningConfiguration: { ScanOnPush: true },
        EncryptionConfiguration: {
          EncryptionType: 'KMS',
          KmsKey: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ImagesKey'), 'Arn'] },
        },
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      Description: Match.stringLikeRegexp('images'),
      EnableKeyRotation: true,
    });
  });

  test('expires by age only what has no tag, and by number what has one', () => {
    const { rules } = JSON.parse(repository.Properties.LifecyclePolicy.LifecyclePolicyText) as {
      rules: { selection: { tagStatus: string; countType: string; countNumber: number } }[];
    };
    expect(rules.map(({ selection: { tagStatus, countType } }) => [tagStatus, countType])).toEqual([
      ['untagged', 'sinceImagePushed'],
      ['tagged', 'imageCountMoreThan'],
    ]);
    expect(rules[1]?.selection.countNumber).toBeGreaterThanOrEqual(1000);
  });

  test.each([
    ['Staging', '222222222222'],
    ['Prod', '333333333333'],
  ])('lets the roles of %s’s App stack pull, and its account see what was found', (id, account) => {
    template.hasResourceProperties('AWS::ECR::Repository', {
      RepositoryPolicyText: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: `${id}TasksPull`,
            Principal: { AWS: Match.anyValue() },
            Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/${id}-App-*` } },
          }),
        ]),
      },
    });
  });

  test('lets nobody outside push or delete', () => {
    const actions = repository.Properties.RepositoryPolicyText.Statement.flatMap(({ Action }) => Action);
    expect([...new Set(actions)].sort()).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:DescribeImages',
      'ecr:GetDownloadUrlForLayer',
    ]);
  });
});

describe('the digest', () => {
  test.each(['Staging', 'Prod'])('is what tasks of %s run, from the pipeline’s repository', (id) => {
    expect(imageIn(appOf(stack, id))).toContain(REPOSITORY);
    expect(imageIn(appOf(stack, id))).toContain(`/telehealth/api@${DIGEST}`);
  });

  test('is none that exists in a synth outside the pipeline, which then has the same actions', () => {
    expect(imageIn(platformTemplate('Pipeline/Prod/App'))).toContain(`@${NO_IMAGE}`);
    expect(platformTemplate('Pipeline').toJSON()).toEqual(template.toJSON());
  });

  test('yields to the company’s own image, where an environment names one', () => {
    const own = { repository: 'company/api', digest: `sha256:${'b'.repeat(64)}` };
    const prod = configuredEnvironment('prod', { api: { image: own } });
    const pipeline = new PipelineStack(testApp(), 'Pipeline', {
      configuration: { ...configuration, environments: { prod } },
      commit: '0'.repeat(40),
      imageDigest: DIGEST,
    });
    expect(imageIn(appOf(pipeline, 'Prod'))).toContain(`company/api@${own.digest}`);
  });

  test('goes from the image step to the synth step as a variable of the action', () => {
    const [pipeline] = Object.values(template.findResources('AWS::CodePipeline::Pipeline')) as {
      Properties: { Stages: { Actions: { Name: string; Namespace?: string; Configuration: object }[] }[] };
    }[];
    const actions = pipeline?.Properties.Stages[1]?.Actions ?? [];
    expect(actions.map(({ Name }) => Name)).toEqual(['Image', 'Synth']);
    expect(JSON.stringify(actions[1]?.Configuration)).toContain(`#{${actions[0]?.Namespace}.IMAGE_DIGEST}`);
  });

  test('is refused in words where it is none: an image step without one passes for no laptop', () => {
    expect(imageDigest(undefined)).toBeUndefined();
    expect(imageDigest(DIGEST)).toBe(DIGEST);
    for (const wrong of ['', 'latest', `${DIGEST}0`, 7])
      expect(() => imageDigest(wrong)).toThrow(/context\.image[\s\S]*sha256:/);
  });
});

describe('the step', () => {
  const [project] = (
    Object.values(template.findResources('AWS::CodeBuild::Project')) as {
      Properties: {
        Source: { BuildSpec: string };
        Environment: { Type: string; PrivilegedMode: boolean; Image: string };
      };
    }[]
  ).filter(({ Properties }) => Properties.Source.BuildSpec.includes('buildx'));
  const { phases } = JSON.parse(project?.Properties.Source.BuildSpec ?? '{}') as {
    phases: { build: { commands: string[] } };
  };
  let dir: string;
  const source = (name: string) => path.join(dir, 'source', name);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: path.join(dir, 'source'),
      encoding: 'utf8',
    });

  beforeEach(() => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), 'image-step-'));
    for (const folder of ['source/app', 'programs', 'pushed'])
      fs.mkdirSync(path.join(dir, folder), { recursive: true });
    fs.writeFileSync(source('.dockerignore'), '*\n!app\n');
    fs.writeFileSync(source('app/main.ts'), 'one');
    fs.writeFileSync(source('README.md'), 'one');
    fs.writeFileSync(source('package.json'), '{ "version": "1.2.3" }');
    git('init', '--quiet');
    commit();
    program('aws', 'echo password');
    program('npm', 'echo "{}"');
    program(
      'docker',
      `echo "$@" >> ${dir}/asked
name() { echo "$1" | tr '/:' '__'; }
case "$1 $2 $3" in
  login*) grep -q password ;;
  "buildx imagetools inspect") cat "${dir}/pushed/$(name "$4")" 2>/dev/null ;;
  "buildx build"*) while [ "$1" != --tag ]; do shift; done; echo ${DIGEST} > "${dir}/pushed/$(name "$2")" ;;
esac`,
    );
  });
  afterEach(() => fs.rmSync(dir, { recursive: true }));

  function commit(): void {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'change');
  }
  function program(name: string, script: string): void {
    fs.writeFileSync(path.join(dir, 'programs', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  /** Runs the step's commands in one shell that stops at the first that fails, as CodeBuild does; gives the digest. */
  function run(): string {
    const script = [...phases.build.commands, 'echo "exported $IMAGE_DIGEST"'].map(
      (one) => `${one} || exit 1`,
    );
    const printed = execFileSync('/bin/sh', ['-c', script.join('\n')], {
      cwd: path.join(dir, 'source'),
      encoding: 'utf8',
      env: {
        PATH: `${path.join(dir, 'programs')}:${process.env['PATH'] ?? ''}`,
        REPOSITORY: 'registry.example/telehealth/api',
        AWS_REGION: 'us-east-1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return /exported (.*)/.exec(printed)?.[1] ?? '';
  }
  const builds = () =>
    fs
      .readFileSync(path.join(dir, 'asked'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('buildx build'));

  test('is privileged, and on a machine of the image’s own architecture', () => {
    expect(project?.Properties.Environment).toMatchObject({ Type: 'ARM_CONTAINER', PrivilegedMode: true });
  });

  test('builds and pushes once for the same files, whatever else a commit changes', () => {
    expect(run()).toBe(DIGEST);
    expect(builds()).toEqual([
      expect.stringMatching(
        /--platform linux\/arm64 .*--tag registry\.example\/telehealth\/api:[0-9a-f]{40} --push \.$/,
      ),
    ]);
    expect(run()).toBe(DIGEST);
    fs.writeFileSync(source('README.md'), 'two');
    commit();
    expect(run()).toBe(DIGEST);
    expect(builds()).toHaveLength(1);
    fs.writeFileSync(source('app/main.ts'), 'two');
    commit();
    expect(run()).toBe(DIGEST);
    expect(builds()).toHaveLength(2);
    expect(new Set(builds()).size).toBe(2);
  });

  test('says in the image which release and commit it was first built of', () => {
    const first = git('rev-parse', 'HEAD').trim();
    run();
    expect(builds()[0]).toContain(
      `--build-arg VERSION=1.2.3+${first.slice(0, 12)} --build-arg COMMIT=${first} `,
    );
  });

  test.each(['aws', 'git', 'node', 'docker'])('fails when %s does', (name) => {
    program(name, 'exit 1');
    expect(run).toThrow();
  });

  test('leaves what the image was built from', () => {
    run();
    expect(fs.readFileSync(source('image/sbom.cdx.json'), 'utf8')).toBe('{}\n');
  });
});

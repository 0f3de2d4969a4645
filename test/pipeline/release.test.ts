import { Match, Template } from 'aws-cdk-lib/assertions';
import { PlatformStage } from '../../lib/platform-stage';
import { testApp, testEnvironment } from '../support/app';
import { platformTemplate } from '../support/platform';
import { actionOf, statementsOf, variablesOf } from './support';

const PIPELINE_ACCOUNT = '222222222222';
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const pipeline = platformTemplate('Pipeline');
const environment = testEnvironment();
const stage = new PlatformStage(testApp(), 'Test', {
  environment,
  commit: COMMIT,
  pipelineAccount: PIPELINE_ACCOUNT,
});
const app = Template.fromStack(stage.app);
const network = Template.fromStack(stage.network);

test.each(['staging', 'prod'])(
  'the release role of %s may become that environment’s release caller alone',
  (name) => {
    const [id] =
      Object.entries(pipeline.findResources('AWS::IAM::Role')).find(
        ([, role]) =>
          (role as { Properties: { RoleName?: string } }).Properties.RoleName ===
          `telehealth-pipeline-release-${name}`,
      ) ?? [];
    const taken = statementsOf(pipeline, id ?? 'no such role').filter(
      ({ Action }) => Action === 'sts:AssumeRole',
    );
    expect(taken.map(({ Resource }) => Resource)).toEqual([
      expect.stringMatching(new RegExp(`^arn:aws:iam::\\d{12}:role/telehealth-${name}-release-caller$`)),
    ]);
  },
);

test('the caller is taken by the pipeline’s release and rollback roles of that environment alone, and is there before anything is judged', () => {
  network.hasResourceProperties('AWS::IAM::Role', {
    RoleName: `telehealth-${environment.name}-release-caller`,
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Action: 'sts:AssumeRole',
          Condition: {
            ArnEquals: {
              'aws:PrincipalArn': ['release', 'rollback'].map(
                (task) =>
                  `arn:aws:iam::${PIPELINE_ACCOUNT}:role/telehealth-pipeline-${task}-${environment.name}`,
              ),
            },
          },
        }),
      ],
    },
  });
});

test('an environment that no pipeline deploys has no caller', () => {
  const alone = Template.fromStack(
    new PlatformStage(testApp(), 'Test', { environment, commit: COMMIT }).network,
  );
  expect(JSON.stringify(alone.findResources('AWS::IAM::Role'))).not.toContain('release-caller');
});

test('the caller starts, watches and stops deployments of one group, has the synthetic person signed in, and changes nothing else', () => {
  const statements = Object.values(app.findResources('AWS::IAM::ManagedPolicy'))
    .map(
      (policy) =>
        (
          policy as {
            Properties: {
              Roles?: object;
              PolicyDocument: { Statement: { Sid?: string; Action: string | string[] }[] };
            };
          }
        ).Properties,
    )
    .filter(({ Roles }) => JSON.stringify(Roles ?? '').includes('ReleaseCaller'))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const actions = statements.flatMap(({ Action: action }) => action);
  expect(actions.filter((action) => !/:(Describe|Get|List|BatchGet|Query)/.test(action)).sort()).toEqual(
    [
      'codedeploy:CreateDeployment',
      'codedeploy:RegisterApplicationRevision',
      'codedeploy:StopDeployment',
      'cloudwatch:PutMetricData',
      'dynamodb:PutItem',
      'events:PutEvents',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'lambda:InvokeFunction',
    ].sort(),
  );
});

const told = (stage: string, action: string): Readonly<Record<string, string>> =>
  variablesOf(pipeline, actionOf(pipeline, stage, action));

test('the steps are told the stack, the caller and the execution', () => {
  const execution = '#{codepipeline.PipelineExecutionId}';
  expect(told('Prod', 'App.Release')).toMatchObject({
    EXECUTION: execution,
    STAGE: 'Prod',
    APPROVAL: 'ApproveProd',
  });
  expect(told('Staging', 'App.Release')).toMatchObject({
    EXECUTION: execution,
    COMMITTED_AT: expect.stringMatching(/^#\{Source@[\w@-]+\.AuthorDate\}$/) as string,
    MIGRATIONS: '#{Staging@Data@Migrate.MIGRATIONS}',
  });
  expect(told('Staging', 'App.Release')).not.toHaveProperty('APPROVAL');
  const smoke = told('Prod', 'App.Smoke');
  expect(smoke['URL']).toMatch(/^#\{\w+\.ApiUrl\}$/);
  expect(smoke['SIGN_IN_FUNCTION']).toMatch(/^#\{\w+\.ReleaseSignIn\}$/);
  expect(smoke).not.toHaveProperty('TOKEN');
});

import { Match } from 'aws-cdk-lib/assertions';
import { written } from '../../lib/config/load';
import { platformTemplate } from '../support/platform';
import { actionOf, statementsOf, variablesOf } from './support';

const pipeline = platformTemplate('Pipeline');
const app = platformTemplate('Pipeline/Prod/App');
const network = platformTemplate('Pipeline/Prod/Network');

test.each(['staging', 'prod'].flatMap((name) => ['check', 'release'].map((task) => ({ name, task }))))(
  'the $task role of $name may become that environment’s caller for it alone',
  ({ name, task }) => {
    const [id] =
      Object.entries(pipeline.findResources('AWS::IAM::Role')).find(
        ([, role]) =>
          (role as { Properties: { RoleName?: string } }).Properties.RoleName ===
          `telehealth-pipeline-${task}-${name}`,
      ) ?? [];
    const taken = statementsOf(pipeline, id ?? 'no such role').filter(
      ({ Action }) => Action === 'sts:AssumeRole',
    );
    expect(taken.map(({ Resource }) => Resource)).toEqual([
      expect.stringMatching(new RegExp(`^arn:aws:iam::\\d{12}:role/telehealth-${name}-${task}-caller$`)),
    ]);
  },
);

test('the caller is taken by the pipeline’s release and rollback roles of that environment alone, and is there before anything is judged', () => {
  network.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'telehealth-prod-release-caller',
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Action: 'sts:AssumeRole',
          Condition: {
            ArnEquals: {
              'aws:PrincipalArn': ['release', 'rollback'].map(
                (task) => `arn:aws:iam::${written.pipeline.account}:role/telehealth-pipeline-${task}-prod`,
              ),
            },
          },
        }),
      ],
    },
  });
});

test('an environment that no pipeline deploys has no caller', () => {
  const roles = platformTemplate('Dev/Network').findResources('AWS::IAM::Role');
  expect(JSON.stringify(roles)).not.toMatch(/(check|release)-caller/);
});

/** What the app stack lets a caller do beside reading. */
function changesOf(caller: string): readonly string[] {
  return Object.values(app.findResources('AWS::IAM::ManagedPolicy'))
    .map(
      (policy) =>
        (
          policy as {
            Properties: { Roles?: object; PolicyDocument: { Statement: { Action: string | string[] }[] } };
          }
        ).Properties,
    )
    .filter(({ Roles }) => JSON.stringify(Roles ?? '').includes(caller))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action: action }) => action)
    .filter((action) => !/:(Describe|Get|List|BatchGet|Query)/.test(action))
    .sort();
}

test('the release caller starts, watches and stops deployments of one group, and changes nothing else', () => {
  expect(changesOf('ReleaseCaller')).toEqual(
    [
      'codedeploy:CreateDeployment',
      'codedeploy:RegisterApplicationRevision',
      'codedeploy:StopDeployment',
      'cloudwatch:PutMetricData',
      'dynamodb:PutItem',
      'events:PutEvents',
      'kms:Decrypt',
      'kms:GenerateDataKey',
    ].sort(),
  );
});

test('the check caller has the synthetic person signed in, and changes nothing', () => {
  expect(changesOf('CheckCaller')).toEqual(['lambda:InvokeFunction']);
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

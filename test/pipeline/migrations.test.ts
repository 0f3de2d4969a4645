import { Match } from 'aws-cdk-lib/assertions';
import { loadConfiguration } from '../../lib/config/load';
import { platformTemplate } from '../support/platform';
import { statementsOf } from './support';

const configuration = loadConfiguration();
const template = platformTemplate('Pipeline');

interface Project {
  readonly ServiceRole: { readonly 'Fn::GetAtt': readonly [string, string] };
  readonly Source: { readonly BuildSpec: string };
  readonly Environment: { readonly EnvironmentVariables?: readonly { Name: string; Value: string }[] };
  readonly TimeoutInMinutes: number;
}

/** The projects of the migration steps, with their variables. */
const steps = Object.values(template.findResources('AWS::CodeBuild::Project'))
  .map(({ Properties }) => Properties as Project)
  .filter(({ Source }) => Source.BuildSpec.includes('migrate-step.js'))
  .map((project) => ({
    project,
    variables: Object.fromEntries(
      (project.Environment.EnvironmentVariables ?? []).map(({ Name, Value }) => [Name, Value]),
    ),
  }));

test('each environment expands and contracts, in its own account; production makes a way back', () => {
  expect(
    steps.map(({ variables }) => [variables['ENVIRONMENT'], variables['PHASE'], variables['PROTECT']]).sort(),
  ).toEqual([
    ['prod', 'contract', 'yes'],
    ['prod', 'expand', 'yes'],
    ['staging', 'contract', 'no'],
    ['staging', 'expand', 'no'],
  ]);
  for (const { variables } of steps) {
    const { account } = configuration.environments[variables['ENVIRONMENT']!]!;
    expect(variables['ROLE_ARN']).toBe(
      `arn:aws:iam::${account}:role/telehealth-${variables['ENVIRONMENT']}-migration-caller`,
    );
  }
});

test('a step installs nothing, keeps its artifacts and tells how it ended, and may take the hours of a backfill', () => {
  for (const { project } of steps) {
    const spec = JSON.parse(project.Source.BuildSpec) as {
      phases: Record<string, { commands?: string[] }>;
      env: unknown;
      artifacts: unknown;
    };
    expect(
      Object.values(spec.phases)
        .flatMap(({ commands }) => commands ?? [])
        .join(),
    ).not.toMatch(/npm|npx/);
    expect(spec.env).toMatchObject({ 'exported-variables': ['MIGRATION_OUTCOME', 'MIGRATIONS'] });
    expect(spec.artifacts).toMatchObject({ 'base-directory': 'migration' });
    expect(project.TimeoutInMinutes).toBe(480);
  }
});

test('the execution goes into the history', () => {
  const [found] = Object.values(template.findResources('AWS::CodePipeline::Pipeline')) as {
    Properties: { Stages: { Actions: { Name: string }[] }[] };
  }[];
  const actions = found?.Properties.Stages.flatMap(({ Actions }) => Actions) ?? [];
  const migrating = actions.filter(({ Name }) => /^(Data\.Migrate|Contract)$/.test(Name));
  expect(migrating).toHaveLength(4);
  for (const action of migrating)
    expect(JSON.stringify(action)).toContain('#{codepipeline.PipelineExecutionId}');
});

test.each(['staging', 'prod'])(
  'the role of %s may take that environment’s caller, and nothing else outside its build',
  (name) => {
    const roleId = Object.entries(template.findResources('AWS::IAM::Role')).find(
      ([, { Properties }]) =>
        (Properties as { RoleName?: string }).RoleName === `telehealth-pipeline-migrate-${name}`,
    )?.[0];
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: `telehealth-pipeline-migrate-${name}`,
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({ Principal: { Service: 'codebuild.amazonaws.com' } })],
      },
    });
    const statements = statementsOf(template, roleId ?? 'no such role');
    const assumed = statements.filter(({ Action }) =>
      [Action].flat().some((action) => action.startsWith('sts:')),
    );
    expect(assumed.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [
        'sts:AssumeRole',
        `arn:aws:iam::${configuration.environments[name]!.account}:role/telehealth-${name}-migration-caller`,
      ],
    ]);
    const services = statements.flatMap(({ Action }) =>
      [Action].flat().map((action) => action.split(':')[0]),
    );
    expect([...new Set(services)].sort()).toEqual(['codebuild', 'kms', 'logs', 's3', 'sts']);
  },
);

test('the caller sees the tasks of one service, which the contract waits for', () => {
  platformTemplate('Pipeline/Prod/App').hasResourceProperties('AWS::IAM::ManagedPolicy', {
    Roles: [Match.anyValue()],
    PolicyDocument: Match.objectLike({
      Statement: [
        Match.objectLike({
          Action: 'ecs:DescribeServices',
          Resource: { Ref: Match.stringLikeRegexp('Service') },
        }),
        Match.objectLike({ Action: 'cloudformation:DescribeStacks', Resource: { Ref: 'AWS::StackId' } }),
      ],
    }),
  });
});

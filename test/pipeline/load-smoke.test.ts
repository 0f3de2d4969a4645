import { loadConfiguration } from '../../lib/config/load';
import { pinCommand } from '../../lib/pipeline/steps/built-tools';
import { asksForLoadSmoke } from '../../lib/pipeline/steps/release-steps';
import { configuredEnvironment } from '../support/app';
import { platformTemplate } from '../support/platform';
import { actionOf, actionsOf, projectOf, statementsOf, variablesOf } from './support';

const configuration = loadConfiguration();
const template = platformTemplate('Pipeline');
const action = actionOf(template, 'Staging', 'App.LoadSmoke');
const project = projectOf(template, action);

test('staging is put under a load once the smoke has passed, alone, and before the schema contracts', () => {
  const turn = (name: string): number => actionOf(template, 'Staging', name).RunOrder;
  expect(action.RunOrder).toBe(turn('App.Smoke') + 1);
  expect(turn('Contract')).toBe(action.RunOrder + 1);
  expect(actionsOf(template, 'Staging').filter(({ RunOrder }) => RunOrder === action.RunOrder)).toEqual([
    action,
  ]);
});

test('no other stage is, and no build of it stands beside prod’s', () => {
  expect(actionsOf(template, 'Prod').map(({ Name }) => Name)).toContain('App.Smoke');
  expect(actionsOf(template, 'Prod').filter(({ Name }) => Name.includes('Load'))).toEqual([]);
  const builds = Object.values(template.findResources('AWS::CodeBuild::Project')).filter((one) =>
    JSON.stringify(one).includes('load-smoke.js'),
  );
  expect(builds.map(({ Properties }) => Properties as object)).toEqual([project]);
});

test.each([
  ['staging', {}, true],
  ['staging', { enabled: false }, false],
  ['prod', {}, false],
  ['prod', { enabled: true }, true],
  ['dev', {}, false],
] as const)('%s with %j: %s', (name, loadSmoke, asked) => {
  expect(asksForLoadSmoke(configuredEnvironment(name, { loadSmoke }))).toBe(asked);
});

test('it is told how much, what is allowed, and where the release answers, and holds no token', () => {
  const { account, region } = configuration.environments['staging']!;
  const { URL: url, SIGN_IN_FUNCTION: signIn, ...rest } = variablesOf(template, action);
  expect(url).toMatch(/^#\{\w+\.ApiUrl\}$/);
  expect(signIn).toMatch(/^#\{\w+\.ReleaseSignIn\}$/);
  expect(rest).toEqual({
    REGION: region,
    ROLE_ARN: `arn:aws:iam::${account}:role/telehealth-staging-check-caller`,
    EXECUTION: '#{codepipeline.PipelineExecutionId}',
    RPS: '20',
    SECONDS: '30',
    P99_MS: '1000',
    FAILED_PERCENT: '0.5',
  });
});

test('it runs the built tool alone, with time for the longest load and the build around it', () => {
  const spec = JSON.parse(project.Source.BuildSpec) as {
    phases: Record<string, { commands?: string[] }>;
    artifacts: object;
  };
  expect(Object.values(spec.phases).flatMap(({ commands }) => commands ?? [])).toEqual([
    pinCommand([]),
    'node load-smoke.js',
  ]);
  expect(spec.artifacts).toMatchObject({ 'base-directory': 'load-smoke' });
  expect(project.TimeoutInMinutes).toBe(15);
});

test('it runs as the smoke of that environment, which may become the check caller there and nobody else', () => {
  const { ServiceRole: role } = projectOf(template, actionOf(template, 'Staging', 'App.Smoke'));
  expect(project.ServiceRole).toEqual(role);
  const taken = statementsOf(template, role['Fn::GetAtt'][0]).filter(({ Action }) =>
    [Action].flat().some((one) => one.startsWith('sts:')),
  );
  expect(taken.map(({ Action, Resource }) => [Action, Resource])).toEqual([
    [
      'sts:AssumeRole',
      `arn:aws:iam::${configuration.environments['staging']!.account}:role/telehealth-staging-check-caller`,
    ],
  ]);
});

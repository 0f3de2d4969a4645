import { loadConfiguration } from '../../lib/config/load';
import { platformTemplate } from '../support/platform';
import { actionOf, actionsOf, projectOf, variablesOf } from './support';

const configuration = loadConfiguration();
const template = platformTemplate('Pipeline');
const STACKS = ['Network', 'Auth', 'Data', 'App', 'Video'];

describe.each(['Staging', 'Prod'])('%s', (stage) => {
  test('has no change set that is executed before a guard has read it', () => {
    const deploys = actionsOf(template, stage).filter(({ Name }) => Name.endsWith('.Deploy'));
    expect(deploys.map(({ Name }) => Name.split('.')[0]).sort()).toEqual([...STACKS].sort());
    const verified = actionOf(template, stage, 'VerifyEvidence').Namespace;
    const { account } = configuration.environments[stage.toLowerCase()]!;
    for (const { Name, RunOrder, Configuration } of deploys) {
      const stack = Name.split('.')[0]!;
      const guard = actionOf(template, stage, `${stack}.Guard${stack}`);
      expect([actionOf(template, stage, `${stack}.Prepare`).RunOrder, guard.RunOrder]).toEqual([
        guard.RunOrder - 1,
        RunOrder - 1,
      ]);
      expect(variablesOf(template, guard)).toEqual({
        REGION: 'us-east-1',
        ROLE_ARN: `arn:aws:iam::${account}:role/telehealth-${stage.toLowerCase()}-check-caller`,
        STACK: Configuration['StackName'],
        CHANGE_SET: Configuration['ChangeSetName'],
        TEMPLATE: `#{${verified}.TEMPLATE_${stack.toUpperCase()}}`,
        APP_STACK: `${stage}-App`,
        ACCOUNTS: `${account},${configuration.pipeline.account}`,
        STAGE: stage,
        EXECUTION: '#{codepipeline.PipelineExecutionId}',
      });
    }
  });

  test('has guards that run one tool under one role, which the smoke has too and the release has not', () => {
    const { ServiceRole: role } = projectOf(template, actionOf(template, stage, 'App.Smoke'));
    expect(projectOf(template, actionOf(template, stage, 'App.Release')).ServiceRole).not.toEqual(role);
    for (const stack of STACKS) {
      const project = projectOf(template, actionOf(template, stage, `${stack}.Guard${stack}`));
      expect(project.ServiceRole).toEqual(role);
      expect(project.Source.BuildSpec).toContain('node guard.js');
    }
  });

  // CodePipeline user guide, "Quotas in AWS CodePipeline".
  test('has at most the 50 actions that CodePipeline takes', () => {
    expect(actionsOf(template, stage).length).toBeLessThanOrEqual(50);
  });
});

test('every policy of the pipeline fits into the 6,144 characters that IAM takes of one', () => {
  const sizes = Object.entries(template.findResources('AWS::IAM::ManagedPolicy')).map(
    ([id, { Properties }]) =>
      [
        id,
        JSON.stringify(written((Properties as { PolicyDocument: unknown }).PolicyDocument)).length,
      ] as const,
  );
  expect(sizes.length).toBeGreaterThan(10);
  expect(sizes.filter(([, size]) => size > 6_144)).toEqual([]);
});

/** A value of the template about as long as it comes to be: names get the stack's and 12 characters, ARNs 50 more. */
function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, inner] = ['', undefined]] = Object.entries(value) as [string, unknown][];
  if (key === 'Ref') return String(inner).startsWith('AWS::') ? 'aws' : 'n'.repeat(String(inner).length + 23);
  if (key === 'Fn::GetAtt') return 'n'.repeat(String((inner as string[])[0]).length + 73);
  if (key === 'Fn::Join') return (written((inner as [string, unknown[]])[1]) as unknown[]).join('');
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, written(one)]));
}

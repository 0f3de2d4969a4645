import { Match } from 'aws-cdk-lib/assertions';
import { loadConfiguration } from '../../lib/config/load';
import { platformTemplate } from '../support/platform';
import { statementsOf } from './support';

const configuration = loadConfiguration();
const template = platformTemplate('Pipeline');

interface Project {
  readonly Properties: {
    readonly ServiceRole: { readonly 'Fn::GetAtt': readonly [string, string] };
    readonly Source: { readonly Type: string; readonly BuildSpec: string };
    readonly LogsConfig: { readonly CloudWatchLogs: { readonly GroupName: { readonly Ref: string } } };
    readonly Environment: { readonly EnvironmentVariables?: readonly { Name: string; Value: unknown }[] };
  };
}

/** The project that goes back in an environment. */
function projectOf(name: string): Project['Properties'] {
  const found = (Object.values(template.findResources('AWS::CodeBuild::Project')) as unknown as Project[])
    .map(({ Properties }) => Properties)
    .filter(({ Environment }) => {
      const is = (wanted: string, value: string) =>
        Environment.EnvironmentVariables?.some(({ Name, Value }) => Name === wanted && Value === value);
      return is('ACTION', 'rollback') && is('ENVIRONMENT', name);
    });
  expect(found).toHaveLength(1);
  return found[0]!;
}

describe.each(['staging', 'prod'])('in %s', (name) => {
  const { account, region } = configuration.environments[name]!;

  test('one pipeline goes back: no approval, no push that starts it, one variable', () => {
    template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Name: `telehealth-rollback-${name}`,
      PipelineType: 'V2',
      Triggers: Match.absent(),
      Variables: [Match.objectLike({ Name: 'to', DefaultValue: 'previous' })],
      Stages: [
        {
          Name: 'Source',
          Actions: [
            Match.objectLike({
              ActionTypeId: Match.objectLike({ Category: 'Source', Provider: 'S3' }),
              Configuration: Match.objectLike({ PollForSourceChanges: false }),
            }),
          ],
        },
        {
          Name: 'Rollback',
          Actions: [
            Match.objectLike({
              ActionTypeId: Match.objectLike({ Category: 'Build', Provider: 'CodeBuild' }),
              Configuration: Match.objectLike({
                EnvironmentVariables: Match.serializedJson([
                  { name: 'TO', type: 'PLAINTEXT', value: '#{variables.to}' },
                  { name: 'EXECUTION', type: 'PLAINTEXT', value: '#{codepipeline.PipelineExecutionId}' },
                ]),
              }),
            }),
          ],
        },
      ],
    });
  });

  test('its build runs the tool, installs nothing, and logs where the others do', () => {
    const { Source, LogsConfig, Environment } = projectOf(name);
    // A build of its own could be given another buildspec by whoever may start it.
    expect(Source.Type).toBe('CODEPIPELINE');
    expect(Source.BuildSpec).toContain('node index.js');
    expect(Source.BuildSpec).not.toMatch(/npm|npx/);
    expect(LogsConfig.CloudWatchLogs.GroupName.Ref).toMatch(/^StorageBuildLogs/);
    const stage = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    expect(
      Object.fromEntries((Environment.EnvironmentVariables ?? []).map(({ Name, Value }) => [Name, Value])),
    ).toEqual({
      ACTION: 'rollback',
      ENVIRONMENT: name,
      REGION: region,
      ROLE_ARN: `arn:aws:iam::${account}:role/telehealth-${name}-release-caller`,
      SCHEMA_ROLE_ARN: `arn:aws:iam::${account}:role/telehealth-${name}-rollback-caller`,
      APP_STACK: `${stage}-App`,
      DATA_STACK: `${stage}-Data`,
    });
  });

  test('its role may become who releases and who asks the schema in that environment, and nobody else there', () => {
    const taken = statementsOf(template, projectOf(name).ServiceRole['Fn::GetAtt'][0]).filter(({ Action }) =>
      [Action].flat().some((action) => action.startsWith('sts:')),
    );
    expect(taken.flatMap(({ Resource }) => Resource).sort()).toEqual([
      `arn:aws:iam::${account}:role/telehealth-${name}-release-caller`,
      `arn:aws:iam::${account}:role/telehealth-${name}-rollback-caller`,
    ]);
  });
});

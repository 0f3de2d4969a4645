import { loadConfiguration } from '../../../lib/config/load';
import { resolve, type Scope, UnresolvedError } from '../../../lib/local/pipeline/definition/intrinsics';
import type { Action, Definition } from '../../../lib/local/pipeline/definition/model';
import { parseTemplate } from '../../../lib/local/localise/template';
import { obstacles, runGroups } from '../../../lib/local/pipeline/definition/playable';
import { readDefinition } from '../../../lib/local/pipeline/definition/read-definition';
import { readSynthesised } from '../../../lib/local/pipeline/definition/read-assembly';
import { publicNames } from '../../../lib/local/pipeline/world/public-names';
import { graph } from '../../../lib/local/pipeline/text/graph';
import { platformFolder } from '../../support/platform';
import { tinyAssembly } from './support/tiny-pipeline';

function action(definition: Definition, stage: string, name: string): Action {
  const found = definition.pipeline.stages
    .find((one) => one.name === stage)
    ?.actions.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no ${stage}/${name}.`);
  return found;
}

describe("this repository's pipeline", () => {
  const definition = readSynthesised(platformFolder());

  test('is read whole and can be played', () => {
    expect(obstacles(definition)).toEqual([]);
    expect(definition.pipeline.executionMode).toBe('QUEUED');
    expect(definition.pipeline.restartOnUpdate).toBe(true);
    expect(definition.pipeline.stages.map(({ name }) => name).slice(0, 4)).toEqual([
      'Source',
      'Build',
      'UpdatePipeline',
      'Assets',
    ]);
    const builds = definition.pipeline.stages
      .flatMap(({ actions }) => actions)
      .filter(({ provider }) => provider === 'CodeBuild');
    expect(builds.length).toBeGreaterThan(3);
    for (const { configuration } of builds)
      expect(definition.projects.get(configuration['ProjectName'] ?? '')?.buildspec).toBeDefined();
  });

  test('has its roles resolved across accounts', () => {
    const deploying = definition.pipeline.stages
      .flatMap(({ actions }) => actions)
      .filter(({ provider }) => provider === 'CloudFormation');
    const { account } = loadConfiguration().pipeline;
    for (const { roleArn } of deploying)
      expect(roleArn).toMatch(/^arn:aws:iam::\d{12}:role\/cdk-hnb659fds-deploy-role-/);
    expect(deploying.every(({ roleArn }) => roleArn?.includes(account) === false)).toBe(true);
  });

  test('is drawn with every action', () => {
    const drawn = graph(definition).join('\n');
    for (const { name } of definition.pipeline.stages.flatMap(({ actions }) => actions))
      expect(drawn).toContain(name);
  });
});

describe('another pipeline', () => {
  const definition = readSynthesised(tinyAssembly());

  test('is read with names, stack and region of its own', () => {
    expect(definition).toMatchObject({ stackName: 'delivery-stack', region: 'eu-central-1' });
    expect(definition.pipeline).toMatchObject({ name: 'tiny', executionMode: 'SUPERSEDED' });
    expect(obstacles(definition)).toEqual([]);
  });

  test('keeps namespaces, references, the primary source and what a stage does when it fails', () => {
    const say = action(definition, 'Live', 'Say');
    expect(say.inputs).toHaveLength(2);
    expect(say.configuration['PrimarySource']).toBe(say.inputs[0]);
    const given = JSON.parse(say.configuration['EnvironmentVariables'] ?? '[]') as { value: string }[];
    const deploy = action(definition, 'Live', 'Notices.Deploy');
    const measure = action(definition, 'Live', 'Measure');
    expect(given.map(({ value }) => value)).toEqual(
      expect.arrayContaining([
        `#{${deploy.namespace ?? ''}.TopicName}`,
        `#{${measure.namespace ?? ''}.WORDS}`,
      ]),
    );
    expect(definition.pipeline.stages.at(-1)?.onFailure).toBe('ROLLBACK');
    const project = definition.projects.get(measure.configuration['ProjectName'] ?? '');
    expect(project?.variables).toEqual([{ name: 'GRADE', type: 'PLAINTEXT', value: 'fine' }]);
  });

  test('runs prepare before deploy before what follows', () => {
    const live = definition.pipeline.stages.at(-1)?.actions ?? [];
    expect(runGroups(live).map((group) => group.map(({ name }) => name))).toEqual([
      ['Measure'],
      ['Notices.Prepare'],
      ['Notices.Deploy'],
      ['Say'],
    ]);
  });
});

describe('several pipelines in a stack', () => {
  const pipeline = (name: string, ...providers: string[]) => ({
    Type: 'AWS::CodePipeline::Pipeline',
    Properties: {
      Name: name,
      RoleArn: 'arn:aws:iam::444444444444:role/one',
      Stages: ['S3', ...providers].map((Provider) => ({
        Name: Provider,
        Actions: [{ Name: Provider, ActionTypeId: { Category: 'x', Owner: 'AWS', Provider } }],
      })),
    },
  });
  const read = (...pipelines: object[]) =>
    readDefinition(
      parseTemplate(
        JSON.stringify({ Resources: Object.fromEntries(pipelines.map((one, i) => [`P${i}`, one])) }),
      ),
      {
        stackName: 'stack',
        account: '444444444444',
        region: 'eu-west-1',
        physicalId: (id) => id,
      },
    );

  test('the one that deploys is read', () => {
    const { name } = read(pipeline('back', 'CodeBuild'), pipeline('deploys', 'CloudFormation')).pipeline;
    expect(name).toBe('deploys');
  });

  test.each([
    [[pipeline('one', 'CodeBuild'), pipeline('two', 'CodeBuild')], 'of which 0 deploy'],
    [[pipeline('one', 'CloudFormation'), pipeline('two', 'CloudFormation')], 'of which 2 deploy'],
    [[], 'holds 0 pipelines'],
  ])('where it is not clear which, none is', (pipelines, words) => {
    expect(() => read(...pipelines)).toThrow(words);
  });
});

describe('what cannot be played', () => {
  test('is named before anything runs', () => {
    const definition = readSynthesised(tinyAssembly());
    const [source, ...rest] = definition.pipeline.stages;
    const odd: Action = {
      name: 'Odd',
      category: 'Invoke',
      provider: 'Lambda',
      runOrder: 1,
      inputs: ['Nowhere'],
      outputs: [],
      configuration: {},
    };
    const stages = [{ name: 'Source', actions: [...(source?.actions ?? []), odd] }, ...rest];
    const projects = new Map([...definition.projects].slice(1));
    const found = obstacles({ ...definition, projects, pipeline: { ...definition.pipeline, stages } });
    expect(found).toEqual([
      expect.stringMatching(/^Source\/Odd: actions of the provider Lambda are not played/),
      'Source/Odd: no earlier action makes the artifact Nowhere.',
      expect.stringMatching(/the build project .* is not in the pipeline's stack/),
    ]);
  });
});

describe('intrinsic functions', () => {
  const scope: Scope = {
    ref: (name) => ({ Here: 'here', 'AWS::Region': 'eu-west-1' })[name],
    attribute: (id, name) => (id === 'Here' && name === 'Arn' ? 'arn:here' : undefined),
    condition: (name) => ({ Yes: true, No: false })[name],
  };
  test.each([
    [{ Ref: 'Here' }, 'here'],
    [{ 'Fn::GetAtt': ['Here', 'Arn'] }, 'arn:here'],
    [{ 'Fn::GetAtt': 'Here.Arn' }, 'arn:here'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Here' }, 1]] }, 'a-here-1'],
    [{ 'Fn::Sub': '${Here}/${Here.Arn}/${!Kept}/${AWS::Region}' }, 'here/arn:here/${Kept}/eu-west-1'],
    [{ 'Fn::Sub': ['${Own}', { Own: { Ref: 'Here' } }] }, 'here'],
    [{ 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
    [{ 'Fn::If': ['No', 1, { Ref: 'Here' }] }, 'here'],
    [{ Kept: 1, Gone: { Ref: 'AWS::NoValue' } }, { Kept: 1 }],
    [['a', { 'Fn::If': ['Yes', { Ref: 'AWS::NoValue' }, 'x'] }], ['a']],
  ])('%j', (value, expected) => {
    expect(resolve(value, scope, 'here')).toEqual(expected);
  });

  test.each([
    { Ref: 'Elsewhere' },
    { 'Fn::GetAtt': ['Here', 'Name'] },
    { 'Fn::Cidr': [] },
    { 'Fn::If': ['Maybe', 1, 2] },
  ])('%j is refused, with its place', (value) => {
    expect(() => resolve({ deep: [value] }, scope, 'Stack')).toThrow(UnresolvedError);
    expect(() => resolve({ deep: [value] }, scope, 'Stack')).toThrow(/^Stack\/deep\/0/);
  });
});

test('public names are those of records that are aliases of a load balancer', () => {
  const alias = (target: unknown): object => ({
    Type: 'AWS::Route53::RecordSet',
    Properties: { Name: 'api.clinic.example.', Type: 'A', AliasTarget: { DNSName: target } },
  });
  const dnsName = (id: string): object => ({ 'Fn::GetAtt': [id, 'DNSName'] });
  const template = parseTemplate(
    JSON.stringify({
      Resources: {
        Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' },
        Record: alias({ 'Fn::Join': ['', ['dualstack.', dnsName('Balancer')]] }),
        Again: alias(dnsName('Balancer')),
        Elsewhere: {
          Type: 'AWS::Route53::RecordSet',
          Properties: { Name: 'www.clinic.example', Type: 'A', AliasTarget: { DNSName: dnsName('Site') } },
        },
      },
    }),
  );
  expect(publicNames(template)).toEqual(['api.clinic.example']);
});

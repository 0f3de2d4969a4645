import { platformTemplate } from '../support/platform';

interface Rule {
  readonly Properties: {
    readonly EventPattern: {
      readonly source: readonly string[];
      readonly 'detail-type': readonly string[];
      readonly detail: {
        readonly pipeline: readonly { readonly Ref: string }[];
        readonly state: readonly string[];
      };
    };
    readonly Targets: readonly {
      readonly Arn: { readonly Ref: string };
      readonly InputTransformer: { readonly InputTemplate: string; readonly InputPathsMap: object };
    }[];
  };
}

const template = platformTemplate('Pipeline');
const pipelines = Object.entries(template.findResources('AWS::CodePipeline::Pipeline')).map(
  ([id, { Properties }]) => [id, (Properties as { Name?: string }).Name ?? ''] as const,
);
const rules = (Object.values(template.findResources('AWS::Events::Rule')) as Rule[])
  .map(({ Properties }) => Properties)
  .filter(({ EventPattern }) => EventPattern.source.includes('aws.codepipeline'));
/** The rules that are about the pipelines whose name begins so. */
const about = (name: string) => {
  const ids = pipelines.filter(([, one]) => one.startsWith(name)).map(([id]) => id);
  expect(ids.length).toBeGreaterThan(0);
  return rules.filter(({ EventPattern }) => {
    const watched = EventPattern.detail.pipeline.map(({ Ref }) => Ref);
    return ids.every((id) => watched.includes(id)) && watched.every((id) => ids.includes(id));
  });
};

test('people are told when a pipeline goes back, from its beginning to however it ends', () => {
  const [rule, ...more] = about('telehealth-rollback-');
  expect(more).toEqual([]);
  expect(rule?.EventPattern).toMatchObject({
    'detail-type': ['CodePipeline Pipeline Execution State Change'],
    detail: { state: ['STARTED', 'SUCCEEDED', 'FAILED', 'STOPPED'] },
  });
});

test('every pipeline has somebody told of its failures', () => {
  const failures = rules.filter(({ EventPattern }) => EventPattern.detail.state.includes('FAILED'));
  const watched = failures.flatMap(({ EventPattern }) => EventPattern.detail.pipeline.map(({ Ref }) => Ref));
  expect(watched.sort()).toEqual(pipelines.map(([id]) => id).sort());
});

test('what they are told is a sentence that names pipeline, state and execution, and says where to look', () => {
  const [rule] = about('telehealth-rollback-');
  const [target] = rule?.Targets ?? [];
  expect(target?.Arn.Ref).toMatch(/^NoticesTopic/);
  expect(target?.InputTransformer).toEqual({
    InputPathsMap: {
      'detail-pipeline': '$.detail.pipeline',
      'detail-state': '$.detail.state',
      'detail-execution-id': '$.detail.execution-id',
    },
    InputTemplate: expect.stringMatching(
      /^"The pipeline <detail-pipeline>, .* is <detail-state> \(execution <detail-execution-id>\)\. .*release-rollback\.md/,
    ) as string,
  });
});

test('people are told that the pipeline has released, to which environments, and where the records are', () => {
  const main = pipelines.filter(([, name]) => !name.startsWith('telehealth-rollback-')).map(([id]) => id);
  const [rule, ...more] = rules.filter(
    ({ EventPattern: { detail } }) =>
      detail.state.includes('SUCCEEDED') && detail.pipeline.some(({ Ref }) => main.includes(Ref)),
  );
  expect(more).toEqual([]);
  expect(rule?.EventPattern).toEqual({
    source: ['aws.codepipeline'],
    'detail-type': ['CodePipeline Pipeline Execution State Change'],
    detail: { pipeline: main.map((Ref) => ({ Ref })), state: ['SUCCEEDED'] },
  });
  const [target] = rule?.Targets ?? [];
  expect(target?.Arn.Ref).toMatch(/^NoticesTopic/);
  expect(target?.InputTransformer.InputTemplate).toMatch(
    /^"The pipeline <detail-pipeline> has released to staging, then prod \(execution <detail-execution-id>, <detail-state>\)\. .*releases -- --env staging, npm run releases -- --env prod\."$/,
  );
});

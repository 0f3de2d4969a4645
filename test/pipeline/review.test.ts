import type { Template } from 'aws-cdk-lib/assertions';
import { written } from '../../lib/config/load';
import { platformTemplate } from '../support/platform';
import { type Action, actionOf, actionsOf, projectOf } from './support';

const pipeline = platformTemplate('Pipeline');

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}
const action = (name: string): Action => actionOf(pipeline, 'Prod', name);

/** Every statement of the policies on a role, by a part of the role's logical id. */
function statementsOf(template: Template, role: string): readonly Statement[] {
  return Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
    .map(
      (policy) =>
        (policy as { Properties: { Roles?: object; PolicyDocument: { Statement: Statement[] } } }).Properties,
    )
    .filter(({ Roles }) => JSON.stringify(Roles ?? '').includes(role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

test('the review comes before the approval, and the approval before anything of the environment', () => {
  const orders = ['Review', 'ApproveProd'].map((name) => action(name).RunOrder);
  const others = actionsOf(pipeline, 'Prod')
    .filter(({ Name }) => !['Review', 'ApproveProd'].includes(Name))
    .map(({ RunOrder }) => RunOrder);
  expect(orders).toEqual([1, 2]);
  expect(Math.min(...others)).toBe(3);
  expect(actionsOf(pipeline, 'Staging').map(({ Name }) => Name)).not.toContain('Review');
});

test('the approval shows what the review said, and links to it; both fit what CodePipeline takes', () => {
  const { Namespace: namespace = '' } = action('Review');
  const { CustomData: data = '', ExternalEntityLink: link = '' } = action('ApproveProd').Configuration;
  expect(data).toBe(`#{${namespace}.REVIEW}`);
  expect(link).toMatch(
    /^https:\/\/us-east-1\.console\.aws\.amazon\.com\/codesuite\/codebuild\/\d{12}\/#\{[^}]+\.REVIEW_BUILD\}\?region=us-east-1$/,
  );
  const project = projectOf(pipeline, action('Review'));
  expect(project.Source.BuildSpec).toContain('compare/review.js');
  const spec = JSON.parse(project.Source.BuildSpec) as { env: object; artifacts: object };
  expect(spec.env).toEqual({ 'exported-variables': ['REVIEW', 'REVIEW_BUILD'] });
  expect(spec.artifacts).toMatchObject({ 'base-directory': 'review' });
});

test('it reads the built tools and the synth output', () => {
  expect(action('Review').InputArtifacts?.map(({ Name }) => Name)).toEqual([
    'Synth_dist_tools',
    'Synth_Output',
  ]);
});

test('it is told of the vault, and by which path the environment’s releases stand there', () => {
  const { EnvironmentVariables: variables = [] } = projectOf(pipeline, action('Review')).Environment;
  const value = (name: string) => variables.find(({ Name }) => Name === name)?.Value;
  expect(value('STAGE')).toBe('Pipeline/Prod');
  expect(JSON.stringify(value('VAULT'))).toMatch(/s3:\/\/.*EvidenceBucket.*\/releases/);
  expect(JSON.stringify(value('SIGNING_KEY'))).toMatch(/EvidenceKeysSigning\w+","Arn"/);
  expect([value('LOCK'), value('YEARS')]).toEqual(['COMPLIANCE', '6']);
});

test('its role reads the vault and the key’s public half, and can write, sign and delete nothing there', () => {
  const statements = statementsOf(pipeline, 'ReviewProdRole');
  const of = (sid: string) => statements.find(({ Sid }) => Sid === sid);
  expect(of('ReadEvidence')?.Action).toEqual([
    's3:GetObject',
    's3:GetObjectRetention',
    's3:GetObjectVersion',
  ]);
  expect(JSON.stringify(of('ReadEvidence')?.Resource)).toMatch(/EvidenceBucket.*\/releases\/\*/);
  expect(of('KnowTheKey')?.Action).toEqual(['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Verify']);
  const reach = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('Evidence'));
  expect(reach.length).toBeGreaterThanOrEqual(4);
  const actions = reach.flatMap(({ Action: actions }) => actions);
  expect(actions).toContain('kms:Decrypt');
  expect(
    actions.filter((one) => !/^(s3:(Get|List)|kms:(Decrypt|GetPublicKey|Verify|DescribeKey)$)/.test(one)),
  ).toEqual([]);
});

test('its role may become who looks in that environment, read the pipeline’s state, and reach nothing else of value', () => {
  const statements = statementsOf(pipeline, 'ReviewProdRole');
  const services = new Set(
    statements.flatMap(({ Action: actions }) => [actions].flat()).map((one) => one.split(':')[0]),
  );
  expect([...services].sort()).toEqual(['codebuild', 'codepipeline', 'kms', 'logs', 's3', 'sts']);
  expect(statements.filter(({ Action: actions }) => actions === 'sts:AssumeRole')).toEqual([
    expect.objectContaining({
      Resource: expect.stringMatching(/^arn:aws:iam::\d{12}:role\/telehealth-prod-review-caller$/) as string,
    }),
  ]);
  expect(
    statements.filter(({ Action: actions }) => String(actions).startsWith('codepipeline')),
  ).toMatchObject([{ Action: 'codepipeline:GetPipelineState' }]);
});

describe('in the environment', () => {
  const network = platformTemplate('Pipeline/Prod/Network');
  const data = platformTemplate('Pipeline/Prod/Data');

  test('who looks is taken by the review’s role alone, and reads templates', () => {
    network.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'telehealth-prod-review-caller',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Condition: {
              ArnEquals: {
                'aws:PrincipalArn': `arn:aws:iam::${written.pipeline.account}:role/telehealth-pipeline-review-prod`,
              },
            },
          },
        ],
      },
    });
    expect(statementsOf(network, 'ReviewCaller')).toEqual([
      {
        Sid: 'ReadStacks',
        Effect: 'Allow',
        Action: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
        Resource: expect.stringMatching(
          /^arn:aws:cloudformation:us-east-1:\d{12}:stack\/Prod-\*\/\*$/,
        ) as string,
      },
    ]);
  });

  test('it may ask which migrations are applied, and cannot have one run', () => {
    const [policy] = Object.values(data.findResources('AWS::IAM::ManagedPolicy')).filter((one) =>
      JSON.stringify(one).includes('AskForMigrations'),
    ) as { Properties: { PolicyDocument: { Statement: Statement[] } } }[];
    const [statement] = policy?.Properties.PolicyDocument.Statement ?? [];
    expect(policy?.Properties.PolicyDocument.Statement).toHaveLength(1);
    const [id] = (statement?.Resource as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'];
    const { Properties } = data.findResources('AWS::Lambda::Function')[id] as {
      Properties: { Environment: { Variables: Record<string, unknown> } };
    };
    expect(statement?.Action).toBe('lambda:InvokeFunction');
    expect(Properties.Environment.Variables['ONLY_LOOKS']).toBe('yes');
  });

  test('where nobody is asked nobody looks before; where no pipeline deploys no function tells of migrations', () => {
    const [alone, unasked] = ['Dev', 'Pipeline/Staging'].map((stage) =>
      JSON.stringify(['Network', 'Data'].map((stack) => platformTemplate(`${stage}/${stack}`).toJSON())),
    );
    for (const text of [alone, unasked]) expect(text).not.toContain('review-caller');
    expect(alone).not.toContain('"ONLY_LOOKS":"yes"');
    expect(unasked).toContain('"ONLY_LOOKS":"yes"');
  });
});

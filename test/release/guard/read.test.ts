import { releaseClients } from '../../../lib/release/aws/clients';
import { guard } from '../../../lib/release/guard';
import { templateDigest } from '../../../lib/shared/template-digest';
import { type AwsAnswer, type AwsCall, AwsServer } from '../../support/aws-server';
import { StillClock } from '../support/clock';

const XMLNS = 'xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"';
const escape = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
const answer = (operation: string, inner: string): AwsAnswer => ({
  body: `<${operation}Response ${XMLNS}><${operation}Result>${inner}</${operation}Result></${operation}Response>`,
});
const refused = (code: string, message: string): AwsAnswer => ({
  status: 400,
  body: `<ErrorResponse ${XMLNS}><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});
const changeOf = (id: string, type: string, more: string) =>
  `<member><Type>Resource</Type><ResourceChange><LogicalResourceId>${id}</LogicalResourceId><ResourceType>${type}</ResourceType>${more}</ResourceChange></member>`;
const template = (resources: object): AwsAnswer =>
  answer('GetTemplate', `<TemplateBody>${escape(JSON.stringify({ Resources: resources }))}</TemplateBody>`);

/** Digest of the template that the evidence covers. */
let covered = '0'.repeat(64);
let server: AwsServer;
let respond: (call: AwsCall, input: URLSearchParams) => AwsAnswer;

beforeAll(async () => {
  server = await AwsServer.start((call) => respond(call, new URLSearchParams(call.body)));
  process.env.AWS_ENDPOINT_URL = server.endpoint;
});
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL;
  await server.stop();
});

const run = () =>
  guard({
    clients: releaseClients({
      region: 'us-east-1',
      credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }),
    }),
    ...{ accounts: [], stack: 'Prod-App', changeSet: 'PipelineChange', appStack: 'Prod-App' },
    template: covered,
    clock: new StillClock(),
    progress: () => undefined,
  });

test('reads every page of a change set once it is made, and both templates', async () => {
  let asked = 0;
  const after = { Service: { Type: 'AWS::ECS::Service', Metadata: { 'aws:cdk:path': 'Prod/App/Api' } } };
  covered = templateDigest(JSON.stringify({ Resources: after }));
  respond = ({ operation }, input) => {
    if (operation === 'DescribeStacks') return refused('ValidationError', 'Stack does not exist');
    if (operation === 'GetTemplate')
      return input.has('ChangeSetName')
        ? template(after)
        : template({ Service: { Type: 'AWS::ECS::Service' }, Table: { Type: 'AWS::DynamoDB::Table' } });
    asked++;
    if (asked === 1) return answer(operation, '<Status>CREATE_IN_PROGRESS</Status>');
    if (!input.has('NextToken'))
      return answer(
        operation,
        `<Status>CREATE_COMPLETE</Status><NextToken>more</NextToken><Changes>${changeOf(
          'Service',
          'AWS::ECS::Service',
          '<Action>Modify</Action><Replacement>False</Replacement><Details><member><Target><Attribute>Properties</Attribute><Name>LoadBalancers</Name></Target></member></Details>',
        )}</Changes>`,
      );
    return answer(
      operation,
      `<Status>CREATE_COMPLETE</Status><Changes>${changeOf('Table', 'AWS::DynamoDB::Table', '<Action>Remove</Action><PolicyAction>Retain</PolicyAction>')}</Changes>`,
    );
  };
  const report = await run();
  expect(report.passed).toBe(false);
  expect(report.findings.map(({ id, change, path }) => [id, change, path])).toEqual([
    ['Service', 'touch', 'Prod/App/Api'],
    ['Table', 'delete', 'Table'],
  ]);
  expect(report.changes[0]).toMatchObject({ properties: ['LoadBalancers'] });
  expect(report.findings[1]?.words).toContain('left behind');
});

test('a change set that changes nothing passes', async () => {
  respond = ({ operation }) =>
    operation === 'DescribeStacks'
      ? refused('ValidationError', 'Stack does not exist')
      : answer(
          operation,
          "<Status>FAILED</Status><StatusReason>The submitted information didn't contain changes.</StatusReason>",
        );
  expect(await run()).toMatchObject({ passed: true, changes: [] });
});

test.each([
  [refused('ChangeSetNotFound', 'ChangeSet [PipelineChange] does not exist'), /no change set PipelineChange/],
  [
    answer('DescribeChangeSet', '<Status>FAILED</Status><StatusReason>bad template</StatusReason>'),
    /bad template/,
  ],
])('refuses to judge what it cannot read', async (said, words) => {
  respond = () => said;
  await expect(run()).rejects.toThrow(words);
});

test('refuses a template that is not JSON', async () => {
  respond = ({ operation }) =>
    operation === 'GetTemplate'
      ? answer(operation, '<TemplateBody>Resources: {}</TemplateBody>')
      : answer(
          operation,
          `<Status>CREATE_COMPLETE</Status><Changes>${changeOf('A', 'AWS::S3::Bucket', '<Action>Add</Action>')}</Changes>`,
        );
  await expect(run()).rejects.toThrow(/is not JSON/);
});

test.each([
  ['passes where the app stack has no outputs yet', '', undefined],
  [
    'refuses where its outputs do not tell the deployment group',
    '<Outputs><member><OutputKey>Other</OutputKey><OutputValue>x</OutputValue></member></Outputs>',
    /outputs of Prod-App/,
  ],
])('%s', async (_what, outputs, words) => {
  respond = ({ operation }) =>
    operation === 'DescribeStacks'
      ? answer(operation, `<Stacks><member><StackName>Prod-App</StackName>${outputs}</member></Stacks>`)
      : answer(
          operation,
          "<Status>FAILED</Status><StatusReason>The submitted information didn't contain changes.</StatusReason>",
        );
  if (words) await expect(run()).rejects.toThrow(words);
  else expect(await run()).toMatchObject({ passed: true });
});

/** Answers with a change set of these changes, and with a template on each of its sides. */
function serve(changes: string, before: object, after: object): void {
  covered = templateDigest(JSON.stringify(after));
  const body = (text: object): AwsAnswer =>
    answer('GetTemplate', `<TemplateBody>${escape(JSON.stringify(text))}</TemplateBody>`);
  respond = ({ operation }, input) => {
    if (operation === 'DescribeStacks') return refused('ValidationError', 'Stack does not exist');
    if (operation === 'GetTemplate') return body(input.has('ChangeSetName') ? after : before);
    return answer(operation, `<Status>CREATE_COMPLETE</Status><Changes>${changes}</Changes>`);
  };
}

test.each([
  ['another template than the evidence covers', { Resources: { A: { Type: 'AWS::S3::Bucket' } } }],
  ['one with another output', { Resources: {}, Outputs: { A: { Value: 'b' } } }],
])('refuses a change set of %s', async (_what, after) => {
  serve('', { Resources: {} }, { Resources: {} });
  const sealed = covered;
  serve('', { Resources: {} }, after);
  covered = sealed;
  await expect(run()).rejects.toThrow(/is of another template \([0-9a-f]{64}\) than the evidence covers/);
});

test('judges what a change set does not list: a deletion policy that is weaker', async () => {
  const table = (DeletionPolicy: string) => ({
    Resources: { Table: { Type: 'AWS::DynamoDB::Table', DeletionPolicy } },
  });
  serve('', table('Retain'), table('Delete'));
  expect(await run()).toMatchObject({ passed: false, findings: [{ id: 'Table' }] });
});

test('sees what a mapping changes in the resources that look it up', async () => {
  const cidr = (value: string) => ({
    Mappings: { Office: { here: { cidr: value } } },
    Resources: {
      Group: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          SecurityGroupIngress: [
            {
              ...{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 },
              CidrIp: { 'Fn::FindInMap': ['Office', 'here', 'cidr'] },
            },
          ],
        },
      },
    },
  });
  serve(
    changeOf('Group', 'AWS::EC2::SecurityGroup', '<Action>Modify</Action><Replacement>False</Replacement>'),
    cidr('10.0.0.0/8'),
    cidr('0.0.0.0/0'),
  );
  expect((await run()).findings.map(({ change }) => change)).toEqual([
    expect.stringContaining('0.0.0.0/0') as string,
  ]);
});

test('sees what the parameters of a change set change, against those that the stack has', async () => {
  const parameter = (value: string) =>
    `<Parameters><member><ParameterKey>Bucket</ParameterKey><ParameterValue>${value}</ParameterValue></member></Parameters>`;
  const side = {
    Parameters: { Bucket: { Type: 'String', Default: '*' } },
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyDocument: {
                Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: { Ref: 'Bucket' } }],
              },
            },
          ],
        },
      },
    },
  };
  const modified =
    '<Action>Modify</Action><Replacement>False</Replacement><Details><member><ChangeSource>ParameterReference</ChangeSource><CausingEntity>Bucket</CausingEntity></member></Details>';
  const found = async (was: string, is: string) => {
    serve(changeOf('Role', 'AWS::IAM::Role', modified), side, side);
    const others = respond;
    respond = (call, input) => {
      const { operation } = call;
      if (operation === 'DescribeStacks' && input.get('StackName') === 'Prod-App')
        return answer(
          operation,
          `<Stacks><member><StackName>Prod-App</StackName>${parameter(was)}</member></Stacks>`,
        );
      const said = others(call, input);
      return operation === 'DescribeChangeSet'
        ? { ...said, body: said.body.replace('<Changes>', `${parameter(is)}<Changes>`) }
        : said;
    };
    return (await run()).findings.map(({ change }) => change);
  };
  expect(await found('one', '*')).toEqual(['allow s3:GetObject on *']);
  expect(await found('*', 'one')).toEqual([]);
  expect(await found('****', '****')).toHaveLength(1);
});

test('a resource that a condition brings is new, wherever it stood before', async () => {
  const side = {
    Conditions: { Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } },
    Resources: {
      Key: { Type: 'AWS::IAM::AccessKey', Condition: 'Here', Properties: { UserName: 'mailer' } },
    },
  };
  serve(changeOf('Key', 'AWS::IAM::AccessKey', '<Action>Add</Action>'), side, side);
  expect((await run()).findings.map(({ change }) => change)).toEqual(['make an access key of mailer']);
});

test.each([
  ['a resource that no template shows', 'AWS::S3::Bucket', {}, /no template shows it/],
  ['a nested stack', 'AWS::CloudFormation::Stack', { It: { Type: 'AWS::CloudFormation::Stack' } }, /nested/],
])('refuses to judge %s', async (_what, type, resources, words) => {
  const side = { Resources: resources };
  serve(changeOf('It', type, '<Action>Modify</Action>'), side, side);
  await expect(run()).rejects.toThrow(words);
});

test('refuses to judge a template that is transformed when it is deployed, in whatever part of it', async () => {
  const Policies = [{ 'Fn::Transform': { Name: 'AWS::Include' } }];
  serve('', { Resources: {} }, { Resources: { It: { Type: 'AWS::IAM::Role', Properties: { Policies } } } });
  await expect(run()).rejects.toThrow('transformed when it is deployed (Resources.It.Properties.Policies.0)');
});

test.each([
  ['CREATE_IN_PROGRESS', /not ready after two minutes/],
  ['DELETE_COMPLETE', /cannot be executed/],
])('refuses to judge a change set that stays %s', async (status, words) => {
  respond = ({ operation }) => answer(operation, `<Status>${status}</Status>`);
  await expect(run()).rejects.toThrow(words);
});

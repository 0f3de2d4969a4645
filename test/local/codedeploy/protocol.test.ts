import * as cd from '@aws-sdk/client-codedeploy';
import { sha256 } from '../../../lib/local/codedeploy/appspec';
import { appSpec, Bench } from './support/bench';

let bench: Bench;
beforeEach(async () => {
  bench = new Bench();
  await bench.open();
});
afterEach(async () => {
  await bench.close();
  bench.erase();
});

const ask = (headers: Record<string, string>, path = '/', body = '{}') =>
  fetch(`${bench.endpoint}${path}`, { method: 'POST', headers, body }).then(async (response) => ({
    status: response.status,
    type: response.headers.get('content-type'),
    body: (await response.json()) as Record<string, unknown>,
  }));
const SIGNED =
  'AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/codedeploy/aws4_request, Signature=x';
const target = (operation: string) => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': `CodeDeploy_20141006.${operation}`,
  authorization: SIGNED,
});

describe('the wire', () => {
  test('errors are 400 with a type, timestamps are seconds with a fraction, the text of a revision is null', async () => {
    const answer = await ask(target('GetDeployment'), '/', '{"deploymentId":"d-000000000"}');
    expect(answer).toEqual({
      status: 400,
      type: 'application/x-amz-json-1.1',
      body: {
        __type: 'DeploymentDoesNotExistException',
        message: 'The deployment d-000000000 could not be found.',
      },
    });
    const id = await bench.deploy(2);
    const { body } = await ask(target('GetDeployment'), '/', JSON.stringify({ deploymentId: id }));
    expect(body['deploymentInfo']).toMatchObject({
      createTime: 1_543_431_361.022,
      revision: { appSpecContent: { content: null } },
    });
  });

  test('another protocol is refused with its name', async () => {
    const headers = { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' };
    const answer = await ask(headers, '/service/CodeDeploy_20141006/operation/GetDeployment');
    expect(answer.status).toBe(415);
    expect(answer.body['message']).toContain('rpc-v2-cbor');
  });

  test.each([
    ['an operation that is not modelled', target('CreateApplication'), '{}', 'UnknownOperationException'],
    ['no operation', {}, '{}', 'UnknownOperationException'],
    ['what is not JSON', target('GetDeployment'), 'no', 'SerializationException'],
    [
      'what is not signed',
      { ...target('GetDeployment'), authorization: '' },
      '{}',
      'MissingAuthenticationTokenException',
    ],
  ])('%s', async (_what, headers, body, type) => {
    const answer = await ask(headers, '/', body);
    expect([answer.status, answer.body['__type']]).toEqual([400, type]);
  });

  test('another account sees nothing, and a key of nobody is refused', async () => {
    const id = await bench.deploy(2);
    await expect(
      bench.clientOf('no-key').send(new cd.GetDeploymentCommand({ deploymentId: id })),
    ).rejects.toThrow('security token');
    const other = bench.clientOf('111111111111');
    await expect(other.send(new cd.GetDeploymentCommand({ deploymentId: id }))).rejects.toThrow(
      '111111111111',
    );
  });
});

describe('what CreateDeployment refuses', () => {
  const base = { applicationName: 'api', deploymentGroupName: 'live' };
  const revision = (content: string, hash?: string): cd.RevisionLocation => ({
    revisionType: 'AppSpecContent',
    appSpecContent: { content, ...(hash === undefined ? {} : { sha256: hash }) },
  });
  const good = { ...base, revision: revision(appSpec(2)) };
  const spec = (change: (spec: { Resources: object[]; Hooks: object[]; version: number }) => void) => {
    const parsed = JSON.parse(appSpec(2)) as { Resources: object[]; Hooks: object[]; version: number };
    change(parsed);
    return { ...base, revision: revision(JSON.stringify(parsed)) };
  };

  test.each([
    ['ApplicationNameRequiredException', { ...good, applicationName: '' }],
    ['ApplicationDoesNotExistException', { ...good, applicationName: 'other' }],
    ['DeploymentGroupNameRequiredException', { ...good, deploymentGroupName: undefined }],
    ['DeploymentGroupDoesNotExistException', { ...good, deploymentGroupName: 'other' }],
    ['DeploymentConfigDoesNotExistException', { ...good, deploymentConfigName: 'CodeDeployDefault.Other' }],
    ['RevisionRequiredException', base],
    ['InvalidRevisionException', { ...base, revision: { revisionType: 'String' } }],
    ['InvalidRevisionException', { ...base, revision: revision(appSpec(2), 'abc') }],
    ['InvalidRevisionException', { ...base, revision: revision('a: [') }],
    ['InvalidRevisionException', { ...base, revision: revision(appSpec(2, { Install: 'f' })) }],
    ['InvalidRevisionException', { ...base, revision: revision(appSpec(2).replace('api:2', 'api')) }],
    ['InvalidRevisionException', spec((s) => s.Resources.push(s.Resources[0]!))],
    ['InvalidRevisionException', spec((s) => (s.version = 1))],
    ['InvalidRevisionException', spec((s) => s.Hooks.push({ BeforeInstall: 'a', AfterInstall: 'b' }))],
    ['DescriptionTooLongException', { ...good, description: 'x'.repeat(257) }],
    ['UnsupportedActionForDeploymentTypeException', { ...good, applicationName: 'functions' }],
    [
      'InvalidAutoRollbackConfigException',
      { ...good, autoRollbackConfiguration: { enabled: true, events: [] } },
    ],
    [
      'AlarmsLimitExceededException',
      {
        ...good,
        overrideAlarmConfiguration: {
          enabled: true,
          alarms: Array.from({ length: 11 }, (_, i) => ({ name: `a${i}` })),
        },
      },
    ],
  ] as const)('%s', async (name, input) => {
    await expect(bench.client.send(new cd.CreateDeploymentCommand(input as never))).rejects.toMatchObject({
      name,
    });
    expect(await bench.list()).toEqual([]);
  });

  test('YAML and JSON are both taken', async () => {
    const { TaskDefinition } = (
      JSON.parse(appSpec(2)) as {
        Resources: [{ TargetService: { Properties: { TaskDefinition: string } } }];
      }
    ).Resources[0].TargetService.Properties;
    const yaml = `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "${TaskDefinition}"
        LoadBalancerInfo:
          ContainerName: "api"
          ContainerPort: 8080
Hooks:
  - BeforeInstall: "check"
`;
    const { deploymentId } = await bench.client.send(
      new cd.CreateDeploymentCommand({ ...base, revision: revision(yaml, sha256(yaml)) }),
    );
    await bench.clock.pass(1);
    expect(await bench.events(deploymentId!)).toContain('BeforeInstall InProgress');
  });
});

describe('what is asked of deployments', () => {
  test.each([
    [
      (c: cd.CodeDeployClient) => c.send(new cd.GetDeploymentCommand({ deploymentId: undefined })),
      'DeploymentIdRequiredException',
    ],
    [
      (c: cd.CodeDeployClient) => c.send(new cd.GetDeploymentCommand({ deploymentId: 'd-1' })),
      'InvalidDeploymentIdException',
    ],
    [
      (c: cd.CodeDeployClient) => c.send(new cd.StopDeploymentCommand({ deploymentId: 'd-AAAAAAAAA' })),
      'DeploymentDoesNotExistException',
    ],
    [
      (c: cd.CodeDeployClient) => c.send(new cd.BatchGetDeploymentsCommand({ deploymentIds: [] })),
      'DeploymentIdRequiredException',
    ],
    [
      (c: cd.CodeDeployClient) => c.send(new cd.ListDeploymentsCommand({ applicationName: 'api' })),
      'DeploymentGroupNameRequiredException',
    ],
    [
      (c: cd.CodeDeployClient) =>
        c.send(new cd.ListDeploymentsCommand({ includeOnlyStatuses: ['Nothing' as 'Ready'] })),
      'InvalidDeploymentStatusException',
    ],
    [
      (c: cd.CodeDeployClient) =>
        c.send(
          new cd.ListDeploymentsCommand({ createTimeRange: { start: new Date(2e12), end: new Date(1e12) } }),
        ),
      'InvalidTimeRangeException',
    ],
    [
      (c: cd.CodeDeployClient) => c.send(new cd.ListDeploymentsCommand({ nextToken: 'no' })),
      'InvalidNextTokenException',
    ],
    [
      (c: cd.CodeDeployClient) => c.send(new cd.GetDeploymentConfigCommand({ deploymentConfigName: 'no' })),
      'DeploymentConfigDoesNotExistException',
    ],
  ])('%#: %s', async (call, name) => {
    await expect(call(bench.client)).rejects.toMatchObject({ name });
  });

  test('targets: none before the start, one afterwards, and no other', async () => {
    const { deploymentId } = await bench.client.send(
      new cd.CreateDeploymentCommand({
        applicationName: 'api',
        deploymentGroupName: 'live',
        revision: { revisionType: 'AppSpecContent', appSpecContent: { content: appSpec(2) } },
      }),
    );
    const list = () => bench.client.send(new cd.ListDeploymentTargetsCommand({ deploymentId }));
    await expect(list()).rejects.toThrow(cd.DeploymentNotStartedException);
    await bench.clock.pass(1);
    expect((await list()).targetIds).toEqual(['main:api']);
    const batch = (targetIds: string[]) =>
      bench.client.send(new cd.BatchGetDeploymentTargetsCommand({ deploymentId, targetIds }));
    expect((await batch(['main:api'])).deploymentTargets).toMatchObject([
      {
        deploymentTargetType: 'ECSTarget',
        ecsTarget: { targetId: 'main:api', targetArn: 'arn:aws:ecs:us-east-1:000000000000:service/main/api' },
      },
    ]);
    await expect(batch(['main:other'])).rejects.toThrow(cd.DeploymentTargetDoesNotExistException);
    await expect(batch([])).rejects.toThrow(cd.DeploymentTargetIdRequiredException);
    await expect(batch(Array.from({ length: 26 }, () => 'main:api'))).rejects.toThrow(
      cd.DeploymentTargetListSizeExceededException,
    );
  });

  test('lists by status and time, and groups tell their last', async () => {
    const first = await bench.deploy(2);
    await bench.clock.pass(31 * 60);
    const second = await bench.deploy(3);
    const group = { applicationName: 'api', deploymentGroupName: 'live' };
    const { deployments } = await bench.client.send(
      new cd.ListDeploymentsCommand({ ...group, includeOnlyStatuses: ['Succeeded'] }),
    );
    expect(deployments).toEqual([first]);
    expect(await bench.list()).toEqual([second, first]);
    const { deploymentsInfo } = await bench.client.send(
      new cd.BatchGetDeploymentsCommand({ deploymentIds: [first, 'd-ZZZZZZZZZ'] }),
    );
    expect(deploymentsInfo).toHaveLength(1);
    const { deploymentGroupInfo } = await bench.client.send(new cd.GetDeploymentGroupCommand(group));
    expect(deploymentGroupInfo).toMatchObject({
      lastSuccessfulDeployment: { deploymentId: first },
      lastAttemptedDeployment: { deploymentId: second },
      loadBalancerInfo: { targetGroupPairInfoList: [{ targetGroups: [{ name: 'one' }, { name: 'two' }] }] },
    });
  });

  test('the text of a revision is told by its sha256 alone', async () => {
    await bench.deploy(2);
    const get = (hash: string) =>
      bench.client.send(
        new cd.GetApplicationRevisionCommand({
          applicationName: 'api',
          revision: { revisionType: 'AppSpecContent', appSpecContent: { sha256: hash } },
        }),
      );
    const { revision } = await get(sha256(appSpec(2)));
    expect(revision?.appSpecContent?.content).toBe(appSpec(2));
    await expect(get('0')).rejects.toThrow(cd.RevisionDoesNotExistException);
  });
});

describe('another process goes on', () => {
  test.each([
    ['a hook that waits for its report', { AfterInstall: 'check' }, 10],
    ['a canary between its shares', {}, 100],
    ['the wait for the termination', {}, 400],
  ])('with %s', async (_what, hooks, seconds) => {
    const id = await bench.deploy(2, hooks, {
      deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes',
    });
    await bench.clock.pass(seconds);
    await bench.close();
    await bench.open();
    await bench.clock.pass(0);
    expect((await bench.info(id)).status).toBe('InProgress');
    if (Object.keys(hooks).length > 0) await bench.report('Succeeded');
    await bench.clock.pass(45 * 60);
    const info = await bench.info(id);
    expect(info.status).toBe('Succeeded');
    expect(info.completeTime!.getTime() - info.startTime!.getTime()).toBeLessThanOrEqual(36 * 60 * 1000);
    expect(bench.estate.invoked).toHaveLength(Object.keys(hooks).length);
    expect(bench.estate.log.filter((line) => line.startsWith('create'))).toHaveLength(1);
    expect(bench.estate.parts()).toEqual(['ecs-svc/2 PRIMARY']);
  });
});

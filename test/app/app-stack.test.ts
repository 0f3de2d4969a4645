import * as fs from 'node:fs';
import * as path from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { container } from '../../app/src/container';
import type { EnvironmentInput } from '../../lib/config/schema';
import { RELEASE_OUTPUTS } from '../../lib/release/outputs';
import { configuredEnvironment, testEnvironment } from '../support/app';
import { normalisedTemplate } from '../support/snapshot';
import { appTemplate, COMMIT, stageOf } from './support';

type Properties = Record<string, unknown>;

const stage = stageOf(testEnvironment());
const full = Template.fromStack(stage.app);

const having = (overrides: Partial<EnvironmentInput>): Template => appTemplate(testEnvironment(overrides));
const propertiesOf = (template: Template, type: string): Properties[] =>
  Object.values(template.findResources(type)).map(
    (resource) => (resource as { Properties: Properties }).Properties,
  );
const only = (template: Template, type: string): Properties => {
  const [first, ...rest] = propertiesOf(template, type);
  if (!first || rest.length > 0) throw new Error(`${type}: not one`);
  return first;
};

test('the stack is what it was', () => {
  expect(normalisedTemplate(stage.app)).toMatchSnapshot();
});

describe('what CloudFormation must never change once CodeDeploy has released (toolchain §4.1)', () => {
  test('the service is frozen', () => {
    const service = only(full, 'AWS::ECS::Service');
    expect(service).toMatchSnapshot();
    expect(service).toMatchObject({
      DeploymentController: { Type: 'CODE_DEPLOY' },
      TaskDefinition: 'telehealth-prod-api',
      EnableExecuteCommand: false,
    });
    expect(service).not.toHaveProperty('DesiredCount');
    expect(service).not.toHaveProperty('DeploymentConfiguration.DeploymentCircuitBreaker');
  });

  test('the listeners are frozen', () => {
    expect(propertiesOf(full, 'AWS::ElasticLoadBalancingV2::Listener')).toMatchSnapshot();
  });

  test('a new commit and a new size change neither', () => {
    const environment = testEnvironment({ api: { cpu: 2048, memoryMiB: 4096, minTasks: 4, maxTasks: 20 } });
    const later = appTemplate(environment, 'f'.repeat(40));
    for (const type of ['AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::Listener'])
      expect(later.findResources(type)).toEqual(full.findResources(type));
  });
});

describe('the task', () => {
  const task = only(full, 'AWS::ECS::TaskDefinition');
  const [api] = task['ContainerDefinitions'] as [Properties];

  test('stays registered for a rollback', () => {
    full.hasResource('AWS::ECS::TaskDefinition', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('runs on arm64, as nobody on the host, on a file system it cannot write', () => {
    expect(task).toMatchObject({
      Family: 'telehealth-prod-api',
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    });
    expect(api).toMatchObject({
      User: container.user,
      ReadonlyRootFilesystem: true,
      LinuxParameters: { Capabilities: { Drop: ['ALL'] }, InitProcessEnabled: true },
      HealthCheck: { Command: container.healthCommand },
      PortMappings: [{ ContainerPort: container.port, Protocol: 'tcp' }],
    });
  });

  test('is killed only after the load balancer has let go of it', () => {
    const delays = propertiesOf(full, 'AWS::ElasticLoadBalancingV2::TargetGroup').map((group) =>
      Number(
        (group['TargetGroupAttributes'] as { Key: string; Value: string }[]).find(
          ({ Key }) => Key === 'deregistration_delay.timeout_seconds',
        )?.Value,
      ),
    );
    expect(delays).toEqual([30, 30]);
    expect(Number(api['StopTimeout'])).toBeGreaterThan(30);
  });

  test('is told nothing secret', () => {
    const names = (api['Environment'] as { Name: string }[]).map(({ Name }) => Name);
    expect(names.filter((name) => /PASSWORD|SECRET|TOKEN|CREDENTIAL|_URL$/.test(name))).toEqual([]);
    expect(api['Environment']).toContainEqual({ Name: 'COMMIT', Value: COMMIT });
    expect(api).not.toHaveProperty('Secrets');
  });

  test('runs the image built here, or the one named by its digest', () => {
    expect(JSON.stringify(api['Image'])).toMatch(/container-assets.*:[0-9a-f]{64}/);
    const digest = `sha256:${'a'.repeat(64)}`;
    const image = having({
      api: { minTasks: 2, image: { repository: 'telehealth/api', digest } },
    });
    const [theirs] = only(image, 'AWS::ECS::TaskDefinition')['ContainerDefinitions'] as [Properties];
    expect(JSON.stringify(theirs['Image'])).toContain(`telehealth/api@${digest}`);
  });
});

describe('the load balancer', () => {
  test('takes plain HTTP only to send it to HTTPS, and tries new versions on a port of its own', () => {
    const listeners = propertiesOf(full, 'AWS::ElasticLoadBalancingV2::Listener');
    expect(listeners.map(({ Port, Protocol }) => [Port, Protocol])).toEqual([
      [80, 'HTTP'],
      [443, 'HTTPS'],
      [8443, 'HTTPS'],
    ]);
    expect(listeners[0]).toMatchObject({
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }],
    });
    for (const listener of listeners.slice(1))
      expect(listener['SslPolicy']).toBe('ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09');
  });

  test('logs, drops what is malformed and cannot be deleted by mistake', () => {
    const attributes = only(full, 'AWS::ElasticLoadBalancingV2::LoadBalancer')['LoadBalancerAttributes'];
    for (const [Key, Value] of [
      ['deletion_protection.enabled', 'true'],
      ['routing.http.drop_invalid_header_fields.enabled', 'true'],
      ['access_logs.s3.enabled', 'true'],
      ['connection_logs.s3.enabled', 'true'],
    ])
      expect(attributes).toContainEqual({ Key, Value });
  });

  test('stands behind the firewall, whose log holds no credentials', () => {
    const acl = only(full, 'AWS::WAFv2::WebACL');
    expect((acl['Rules'] as { Name: string }[]).map(({ Name }) => Name)).toEqual([
      'RateLimit',
      'AWSManagedRulesCommonRuleSet',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesSQLiRuleSet',
      'AWSManagedRulesAmazonIpReputationList',
    ]);
    full.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
    expect(only(full, 'AWS::WAFv2::LoggingConfiguration')['RedactedFields']).toEqual([
      { SingleHeader: { Name: 'authorization' } },
      { SingleHeader: { Name: 'cookie' } },
      { QueryString: {} },
    ]);
  });
});

describe('the release', () => {
  const group = (release: EnvironmentInput['release']): Properties =>
    only(having({ release }), 'AWS::CodeDeploy::DeploymentGroup');

  test('moves both listeners between both groups and goes back by itself', () => {
    full.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      },
      BlueGreenDeploymentConfiguration: {
        TerminateBlueInstancesOnDeploymentSuccess: { TerminationWaitTimeInMinutes: 30 },
      },
      LoadBalancerInfo: {
        TargetGroupPairInfoList: [
          {
            TargetGroups: [Match.anyValue(), Match.anyValue()],
            ProdTrafficRoute: { ListenerArns: [Match.anyValue()] },
            TestTrafficRoute: { ListenerArns: [Match.anyValue()] },
          },
        ],
      },
    });
  });

  test.each([
    [{ strategy: 'canary', percentage: 10, intervalMinutes: 5 }, 'ECSCanary10Percent5Minutes'],
    [{ strategy: 'linear', percentage: 10, intervalMinutes: 3 }, 'ECSLinear10PercentEvery3Minutes'],
  ] as const)('uses the configuration of AWS where there is one: %j', (release, name) => {
    expect(group(release)['DeploymentConfigName']).toBe(`CodeDeployDefault.${name}`);
  });

  test('is all at once where the environment says so', () => {
    const dev = appTemplate(configuredEnvironment('dev'));
    expect(only(dev, 'AWS::CodeDeploy::DeploymentGroup')['DeploymentConfigName']).toBe(
      'CodeDeployDefault.ECSAllAtOnce',
    );
  });

  test.each([
    [
      { strategy: 'canary', percentage: 25, intervalMinutes: 7 },
      { Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryPercentage: 25, CanaryInterval: 7 } },
    ],
    [
      { strategy: 'linear', percentage: 20, intervalMinutes: 2 },
      { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: 20, LinearInterval: 2 } },
    ],
  ] as const)('makes a configuration of its own for %j', (release, routing) => {
    having({ release }).hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
      ComputePlatform: 'ECS',
      TrafficRoutingConfig: routing,
    });
  });

  test('is stopped by alarms on both target groups, within the quota of ten', () => {
    const alarms = (
      only(full, 'AWS::CodeDeploy::DeploymentGroup')['AlarmConfiguration'] as {
        Alarms: { Name: object }[];
      }
    ).Alarms.map(({ Name }) => JSON.stringify(Name));
    expect(alarms).toHaveLength(10);
    for (const [part, count] of [
      ['blue', 4],
      ['green', 4],
      ['DatabaseAlarmsConnections', 1],
      ['ReleaseHooksBroken', 1],
    ] as const)
      expect(alarms.filter((name) => name.includes(part))).toHaveLength(count);
  });

  test('CodeDeploy may touch this service, its listeners and roles only', () => {
    full.hasResourceProperties('AWS::IAM::Role', {
      Description: 'Moves traffic of the API between its target groups',
      ManagedPolicyArns: Match.absent(),
    });
    full.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: 'CodeDeploy releases the API',
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'ecs:CreateTaskSet',
            Resource: '*',
            Condition: { ArnEquals: { 'ecs:cluster': Match.anyValue() } },
          }),
        ]),
      }),
    });
  });

  test('CodeDeploy has its permissions before it looks at the service', () => {
    full.hasResource('AWS::CodeDeploy::DeploymentGroup', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ReleasePolicy')]),
    });
  });
});

test('the number of tasks follows CPU, and the requests of whichever group is live', () => {
  full.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    MinCapacity: 3,
    MaxCapacity: 12,
  });
  full.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
    TargetTrackingScalingPolicyConfiguration: {
      CustomizedMetricSpecification: {
        Metrics: Match.arrayWith([
          Match.objectLike({ Expression: 'FILL(group0, 0) + FILL(group1, 0)', ReturnData: true }),
        ]),
      },
    },
  });
});

test('every alarm is sent somewhere and names a runbook that exists', () => {
  const alarms = propertiesOf(full, 'AWS::CloudWatch::Alarm');
  expect(alarms).toHaveLength(22);
  for (const alarm of alarms) {
    expect(alarm['AlarmActions']).toHaveLength(1);
    const runbook = /docs\/runbooks\/[\w-]+\.md/.exec(String(alarm['AlarmDescription']))?.[0] ?? 'none';
    expect(fs.existsSync(path.join(__dirname, '../..', runbook))).toBe(true);
  }
});

describe('the permissions of the API', () => {
  const statements = propertiesOf(full, 'AWS::IAM::ManagedPolicy')
    .filter(({ Description }) => String(Description).includes('what the API may do with data'))
    .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: Properties[] }).Statement);
  const statement = (sid: string): Properties | undefined => statements.find(({ Sid }) => Sid === sid);

  test('never reach every resource, and never scan a table', () => {
    expect(statements.map(({ Resource }) => Resource)).not.toContain('*');
    expect(JSON.stringify(statements)).not.toContain('dynamodb:Scan');
  });

  test('sign in to the database as its own role', () => {
    expect(JSON.stringify(statement('SignInToDatabase'))).toContain('/telehealth_api');
  });

  test('append to the audit table and never change it', () => {
    expect(statement('AppendToAudit')).toMatchObject({ Effect: 'Allow', Action: 'dynamodb:PutItem' });
    expect(statement('NeverChangeAudit')).toMatchObject({
      Effect: 'Deny',
      Action: expect.arrayContaining(['dynamodb:UpdateItem', 'dynamodb:DeleteItem']) as unknown,
    });
  });

  test('use keys through the services that keep the data only', () => {
    for (const sid of ['UsePhiKey', 'UsePiiKey', 'UseAuditKey'])
      expect(statement(sid)).toHaveProperty('Condition.StringEquals.kms:ViaService');
  });
});

test('the commit is recorded, and is not a tag', () => {
  full.hasResourceProperties('AWS::SSM::Parameter', { Name: '/telehealth/prod/commit', Value: COMMIT });
  for (const resource of Object.values(
    full.toJSON()['Resources'] as Record<string, { Properties?: Properties }>,
  ))
    expect(JSON.stringify(resource.Properties?.['Tags'] ?? [])).not.toContain(COMMIT);
});

test('what a release has to know is put out', () => {
  expect(Object.keys(full.findOutputs('*')).sort()).toEqual(
    [
      ...['ClusterName', 'CommitParameter', 'LoadBalancerDns', 'ServiceName'],
      ...Object.values(RELEASE_OUTPUTS),
    ].sort(),
  );
});

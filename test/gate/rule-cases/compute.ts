import { KEY, keyed, type Properties, type RuleCase } from './case';

const container = (properties: Properties): Properties => ({
  ContainerDefinitions: [{ Name: 'api' }, properties],
});
const api = (properties: Properties): Properties => ({ ContainerDefinitions: [properties] });
const service = (AssignPublicIp: string): Properties => ({
  NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp } },
});

/** Cases of the rules in lib/gate/template-rules/compute.ts. */
export const computeCases: readonly RuleCase[] = [
  keyed('TemplateLogGroupEncrypted', 'AWS::Logs::LogGroup', 'KmsKeyId'),
  {
    rule: 'TemplateEcsNoPublicIp',
    type: 'AWS::ECS::Service',
    good: [service('DISABLED')],
    bad: [{}, service('ENABLED')],
  },
  {
    rule: 'TemplateEcsExecOff',
    type: 'AWS::ECS::Service',
    good: [{}, { EnableExecuteCommand: false }],
    bad: [{ EnableExecuteCommand: true }],
  },
  {
    rule: 'TemplateEcsReadOnlyRoot',
    type: 'AWS::ECS::TaskDefinition',
    good: [api({ ReadonlyRootFilesystem: true })],
    bad: [api({}), container({ ReadonlyRootFilesystem: true })],
  },
  {
    rule: 'TemplateEcsLogs',
    type: 'AWS::ECS::TaskDefinition',
    good: [api({ LogConfiguration: { Options: { 'awslogs-group': KEY } } })],
    bad: [api({}), api({ LogConfiguration: { LogDriver: 'none' } })],
  },
  {
    rule: 'TemplateNoPlainSecret',
    type: 'AWS::ECS::TaskDefinition',
    good: [api({ Environment: [{ Name: 'SECRET_ARN', Value: 'arn' }] })],
    bad: [api({ Environment: [{ Name: 'DB_PASSWORD', Value: 'x' }] })],
  },
  {
    rule: 'TemplateNoPlainSecret',
    type: 'AWS::Lambda::Function',
    good: [{}],
    bad: [{ Environment: { Variables: { API_KEY: 'x' } } }],
  },
  {
    rule: 'TemplateLambdaInVpc',
    type: 'AWS::Lambda::Function',
    good: [{ VpcConfig: { SubnetIds: ['subnet-1'] } }],
    bad: [{}, { VpcConfig: { SubnetIds: [] } }],
  },
  {
    rule: 'TemplateLogGroupRetention',
    type: 'AWS::Logs::LogGroup',
    good: [{ RetentionInDays: 90 }],
    bad: [{}],
  },
  {
    rule: 'TemplateEcsInsights',
    type: 'AWS::ECS::Cluster',
    good: [{ ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }] }],
    bad: [{}, { ClusterSettings: [{ Name: 'containerInsights', Value: 'disabled' }] }],
  },
  {
    rule: 'TemplateEcsOwnNetwork',
    type: 'AWS::ECS::TaskDefinition',
    good: [{ NetworkMode: 'awsvpc' }],
    bad: [{}, { NetworkMode: 'host' }],
  },
  {
    rule: 'TemplateEcsUnprivileged',
    type: 'AWS::ECS::TaskDefinition',
    good: [{ ContainerDefinitions: [{ Name: 'api' }] }],
    bad: [{ ContainerDefinitions: [{ Name: 'api' }, { Name: 'agent', Privileged: true }] }],
  },
];

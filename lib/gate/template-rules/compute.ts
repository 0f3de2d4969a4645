import { expectThat, failure, type Subject, type TemplateRule, type Verdict } from './rule';
import { at, isCustomerKey, isTrue, list, record, target } from './values';

const TASK = ['AWS::ECS::TaskDefinition'];
const LEAST = ['164.308(a)(4)(ii)(A)', '164.312(a)(1)'];
const PRIVATE = ['164.308(a)(3)(i)', '164.312(a)(1)', '164.312(e)(1)'];

/** Names that tell of a secret; what ends in a pointer to one (`..._ARN`, `..._NAME`) is none. */
const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIAL)S?$/i;

function containers({ properties }: Subject): readonly unknown[] {
  return list(properties['ContainerDefinitions']);
}

function eachContainer(
  subject: Subject,
  holds: (container: unknown) => boolean,
  property: string,
  expected: string,
): Verdict {
  const found = containers(subject).findIndex((container) => !holds(container));
  const place = `Properties.ContainerDefinitions.${found}.${property}`;
  return found < 0 ? 'compliant' : failure(place, at(containers(subject)[found], property), expected);
}

function noPlainSecret(subject: Subject): Verdict {
  const names =
    subject.resource.Type === 'AWS::Lambda::Function'
      ? Object.keys(record(at(subject.properties['Environment'], 'Variables')))
      : containers(subject).flatMap((container) =>
          list(at(container, 'Environment')).map((v) => String(at(v, 'Name'))),
        );
  const found = names.find((name) => SECRET_NAME.test(name));
  return expectThat(found === undefined, 'Environment', found, 'no value that its name calls a secret');
}

/** Whether the function names a log group of its own, or the template holds one under the implicit name. */
function hasLogGroup(subject: Subject): Verdict {
  const named = at(subject.properties['LoggingConfig'], 'LogGroup');
  if (named !== undefined) {
    const logicalId = target(named);
    const own = logicalId !== undefined && logicalId in subject.siblings;
    const imported = logicalId === undefined;
    return expectThat(own || imported, 'Properties.LoggingConfig.LogGroup', named, 'a log group of a stack');
  }
  const implicit = Object.values(subject.siblings).some(
    ({ Type, Properties }) =>
      Type === 'AWS::Logs::LogGroup' &&
      JSON.stringify(Properties?.['LogGroupName'] ?? '').includes(`"Ref":"${subject.logicalId}"`),
  );
  return expectThat(implicit, 'Properties.LoggingConfig.LogGroup', named, 'a log group of a stack');
}

/** Rules over tasks, functions and their logs. */
export const computeRules: readonly TemplateRule[] = [
  {
    id: 'TemplateEcsNoPublicIp',
    controls: PRIVATE,
    rationale: 'A task with a public address can be reached past the load balancer.',
    mend: 'set assignPublicIp: false',
    types: ['AWS::ECS::Service'],
    check: ({ properties }: Subject): Verdict => {
      const address = at(properties['NetworkConfiguration'], 'AwsvpcConfiguration', 'AssignPublicIp');
      return expectThat(address === 'DISABLED', 'AwsvpcConfiguration.AssignPublicIp', address, '"DISABLED"');
    },
  },
  {
    id: 'TemplateEcsExecOff',
    controls: LEAST,
    rationale: 'A shell in a task passes every control of the application.',
    mend: 'set enableExecuteCommand: false',
    types: ['AWS::ECS::Service'],
    check: ({ properties: { EnableExecuteCommand: exec } }) =>
      expectThat(!isTrue(exec), 'Properties.EnableExecuteCommand', exec, 'false'),
  },
  {
    id: 'TemplateEcsInsights',
    controls: ['164.312(b)'],
    rationale: 'Without Container Insights nobody sees a task die.',
    mend: 'set containerInsightsV2: ContainerInsights.ENHANCED',
    types: ['AWS::ECS::Cluster'],
    check: ({ properties: { ClusterSettings: settings } }: Subject): Verdict => {
      const insights = list(settings).find((one) => at(one, 'Name') === 'containerInsights');
      return expectThat(
        ['enabled', 'enhanced'].includes(String(at(insights, 'Value'))),
        'Properties.ClusterSettings',
        settings,
        'containerInsights enabled or enhanced',
      );
    },
  },
  {
    id: 'TemplateEcsOwnNetwork',
    controls: PRIVATE,
    rationale: 'Only a task with a network interface of its own has a security group of its own.',
    mend: 'set networkMode: NetworkMode.AWS_VPC',
    types: TASK,
    check: ({ properties: { NetworkMode: mode } }) =>
      expectThat(mode === 'awsvpc', 'Properties.NetworkMode', mode, '"awsvpc"'),
  },
  {
    id: 'TemplateEcsUnprivileged',
    controls: LEAST,
    rationale: 'A privileged container is root on its host.',
    mend: 'leave privileged unset',
    types: TASK,
    check: (subject) => eachContainer(subject, (c) => !isTrue(at(c, 'Privileged')), 'Privileged', 'false'),
  },
  {
    id: 'TemplateEcsReadOnlyRoot',
    controls: ['164.312(c)(1)'],
    rationale: 'An intruder writes tools to the root file system.',
    mend: 'set readonlyRootFilesystem: true; mount a volume for scratch files',
    types: TASK,
    check: (subject) =>
      eachContainer(
        subject,
        (c) => isTrue(at(c, 'ReadonlyRootFilesystem')),
        'ReadonlyRootFilesystem',
        'true',
      ),
  },
  {
    id: 'TemplateEcsLogs',
    controls: ['164.312(b)'],
    rationale: 'A container that logs nowhere leaves no trace.',
    mend: 'set logging to an awslogs driver with a log group of the stack',
    types: TASK,
    check: (subject) =>
      eachContainer(
        subject,
        (c) => at(c, 'LogConfiguration', 'Options', 'awslogs-group') !== undefined,
        'LogConfiguration',
        'awslogs with a group',
      ),
  },
  {
    id: 'TemplateNoPlainSecret',
    controls: ['164.312(a)(2)(iv)', '164.312(d)'],
    rationale: 'Plain environment variables stand in the template and in the console.',
    mend: 'pass it through secrets, from Secrets Manager or an encrypted parameter',
    types: [...TASK, 'AWS::Lambda::Function'],
    check: noPlainSecret,
  },
  {
    id: 'TemplateLambdaInVpc',
    controls: PRIVATE,
    rationale: 'A function outside the VPC passes its flow logs and its endpoints.',
    mend: 'set vpc and securityGroups',
    types: ['AWS::Lambda::Function'],
    check: ({ properties }: Subject): Verdict => {
      const subnets = list(at(properties['VpcConfig'], 'SubnetIds'));
      return expectThat(
        subnets.length > 0,
        'Properties.VpcConfig.SubnetIds',
        undefined,
        'the private subnets',
      );
    },
  },
  {
    id: 'TemplateLambdaLogGroup',
    controls: ['164.312(b)'],
    rationale: 'Lambda makes a missing log group itself: without key, kept for ever.',
    mend: 'set logGroup to one with a key and a retention',
    types: ['AWS::Lambda::Function'],
    check: hasLogGroup,
  },
  {
    id: 'TemplateLogGroupEncrypted',
    controls: ['164.312(a)(2)(iv)', '164.312(e)(2)(ii)'],
    rationale: 'Logs tell who was treated when.',
    mend: "set encryptionKey, for example the environment's operations.logKey",
    types: ['AWS::Logs::LogGroup'],
    check: ({ properties: { KmsKeyId: key } }) =>
      expectThat(isCustomerKey(key), 'Properties.KmsKeyId', key, 'a customer managed key'),
  },
  {
    id: 'TemplateLogGroupRetention',
    controls: ['164.312(b)', '164.316(b)(2)(i)'],
    rationale: 'Logs that are kept for ever are forgotten; those without a plan are lost.',
    mend: 'set retention from environment.retention',
    types: ['AWS::Logs::LogGroup'],
    check: ({ properties: { RetentionInDays: days } }) =>
      expectThat(days !== undefined, 'Properties.RetentionInDays', days, 'a number of days'),
  },
];

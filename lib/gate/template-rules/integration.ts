import { expectThat, type Subject, type TemplateRule, type Verdict } from './rule';
import { refusesPlainHttp } from './statements';
import { at, isCustomerKey, isTrue, list, target } from './values';

const AT_REST = ['164.312(a)(2)(iv)', '164.312(e)(2)(ii)'];
const TRANSIT = ['164.312(e)(1)', '164.312(e)(2)(i)', '164.312(e)(2)(ii)'];

/** A queue or topic has one policy: the one that is set last, so each must refuse what comes without TLS. */
function tlsOnly(...denied: readonly string[]): (subject: Subject) => Verdict {
  return ({ properties: { PolicyDocument: document } }) =>
    expectThat(
      refusesPlainHttp(document, ...denied),
      'Properties.PolicyDocument',
      document,
      'a statement that denies to all without TLS',
    );
}

function deadLetters(subject: Subject): Verdict {
  const functions = list(subject.properties['Targets']).filter((one) =>
    subject.siblings[target(at(one, 'Arn')) ?? '']?.Type.startsWith('AWS::Lambda::'),
  );
  if (functions.length === 0) return 'not-applicable';
  const lost = functions.find((one) => at(one, 'DeadLetterConfig', 'Arn') === undefined);
  return expectThat(lost === undefined, 'Properties.Targets.DeadLetterConfig', lost, 'a queue');
}

function logsExecutions({ properties }: Subject): Verdict {
  const logs = properties['LoggingConfiguration'];
  const level = at(logs, 'Level');
  const holds = level !== undefined && level !== 'OFF' && list(at(logs, 'Destinations')).length > 0;
  return expectThat(holds, 'Properties.LoggingConfiguration', logs, 'a Level and a log group');
}

/** Rules over queues, topics, events, workflows and streams. */
export const integrationRules: readonly TemplateRule[] = [
  {
    id: 'TemplateSqsTlsOnly',
    controls: TRANSIT,
    rationale: 'Without the statement whom the policy admits may come over plain HTTP.',
    mend: 'set enforceSSL: true on the queue',
    types: ['AWS::SQS::QueuePolicy'],
    check: tlsOnly('sqs:*'),
  },
  {
    id: 'TemplateSnsTlsOnly',
    controls: TRANSIT,
    rationale: 'Without the statement whom the policy admits may come over plain HTTP.',
    mend: 'set enforceSSL: true on the topic',
    types: ['AWS::SNS::TopicPolicy'],
    check: tlsOnly('sns:*', 'sns:Publish'),
  },
  {
    id: 'TemplateEventBusEncrypted',
    controls: AT_REST,
    rationale: 'Events wait on disk until they are delivered, and in an archive for longer.',
    mend: 'set kmsKey on the bus',
    types: ['AWS::Events::EventBus'],
    check: ({ properties: { KmsKeyIdentifier: key } }) =>
      expectThat(isCustomerKey(key), 'Properties.KmsKeyIdentifier', key, 'a customer managed key'),
  },
  {
    id: 'TemplateEventTargetDeadLetters',
    controls: ['164.312(b)', '164.312(c)(1)'],
    rationale: 'An event that a function never got is lost without a trace.',
    mend: 'set deadLetterQueue on the target',
    types: ['AWS::Events::Rule'],
    check: deadLetters,
  },
  {
    id: 'TemplateStateMachineLogs',
    controls: ['164.312(b)'],
    rationale: 'A workflow without logs leaves no trace once its history has expired.',
    mend: 'set logs with a level and a log group',
    types: ['AWS::StepFunctions::StateMachine'],
    check: logsExecutions,
  },
  {
    id: 'TemplateStateMachineLogsNoData',
    controls: ['164.312(a)(1)', '164.308(a)(4)(ii)(A)'],
    rationale: 'Execution data holds what patients sent, and would stand in a log that more people read.',
    mend: 'set logs.includeExecutionData: false',
    types: ['AWS::StepFunctions::StateMachine'],
    check: ({ properties: { LoggingConfiguration: logs } }) =>
      expectThat(
        !isTrue(at(logs, 'IncludeExecutionData')),
        'Properties.LoggingConfiguration.IncludeExecutionData',
        true,
        'false',
      ),
  },
  {
    id: 'TemplateStateMachineEncrypted',
    controls: AT_REST,
    rationale: 'The history of an execution holds its data.',
    mend: 'set encryptionConfiguration: new CustomerManagedEncryptionConfiguration(key)',
    types: ['AWS::StepFunctions::StateMachine', 'AWS::StepFunctions::Activity'],
    check: ({ properties: { EncryptionConfiguration: encryption } }) =>
      expectThat(
        at(encryption, 'Type') === 'CUSTOMER_MANAGED_KMS_KEY' && isCustomerKey(at(encryption, 'KmsKeyId')),
        'Properties.EncryptionConfiguration',
        encryption,
        'CUSTOMER_MANAGED_KMS_KEY and its key',
      ),
  },
  {
    id: 'TemplateStreamEncrypted',
    controls: AT_REST,
    rationale: 'Records stay in a stream for a day and up to a year.',
    mend: 'set encryption: StreamEncryption.KMS and encryptionKey',
    types: ['AWS::Kinesis::Stream'],
    check: ({ properties: { StreamEncryption: encryption } }) =>
      expectThat(
        at(encryption, 'EncryptionType') === 'KMS' && isCustomerKey(at(encryption, 'KeyId')),
        'Properties.StreamEncryption',
        encryption,
        'KMS and a customer managed key',
      ),
  },
];

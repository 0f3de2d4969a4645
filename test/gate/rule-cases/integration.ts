import { KEY, keyed, type Properties, type RuleCase } from './case';

const OTHER = { Ref: 'Other' };
const denies = (Action: string, secure = 'false'): Properties => ({
  Statement: [
    { Effect: 'Deny', Principal: '*', Action, Condition: { Bool: { 'aws:SecureTransport': secure } } },
  ],
});
const CUSTOMER = { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: KEY };
const LOGS = { Level: 'ERROR', Destinations: [{ CloudWatchLogsLogGroup: {} }] };
const delivered = (target: Properties): Properties => ({
  Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] }, ...target }],
});

/** Cases of the rules in lib/gate/template-rules/integration.ts. */
export const integrationCases: readonly RuleCase[] = [
  {
    rule: 'TemplateSqsTlsOnly',
    type: 'AWS::SQS::QueuePolicy',
    good: [{ PolicyDocument: denies('sqs:*') }],
    bad: [{}, { PolicyDocument: denies('sqs:SendMessage') }, { PolicyDocument: denies('sqs:*', 'true') }],
  },
  {
    rule: 'TemplateSnsTlsOnly',
    type: 'AWS::SNS::TopicPolicy',
    good: [{ PolicyDocument: denies('sns:Publish') }, { PolicyDocument: denies('sns:*') }],
    bad: [{}, { PolicyDocument: denies('sqs:*') }],
  },
  keyed('TemplateEventBusEncrypted', 'AWS::Events::EventBus', 'KmsKeyIdentifier'),
  {
    rule: 'TemplateEventTargetDeadLetters',
    type: 'AWS::Events::Rule',
    good: [delivered({ DeadLetterConfig: { Arn: OTHER } })],
    bad: [delivered({})],
    otherwise: { Targets: [{ Id: 'T', Arn: OTHER }] },
    beside: { Function: ['AWS::Lambda::Function', {}] },
  },
  {
    rule: 'TemplateStateMachineLogs',
    type: 'AWS::StepFunctions::StateMachine',
    good: [{ LoggingConfiguration: LOGS }],
    bad: [
      {},
      { LoggingConfiguration: { ...LOGS, Level: 'OFF' } },
      { LoggingConfiguration: { Level: 'ALL' } },
    ],
  },
  {
    rule: 'TemplateStateMachineLogsNoData',
    type: 'AWS::StepFunctions::StateMachine',
    good: [{}, { LoggingConfiguration: { ...LOGS, IncludeExecutionData: false } }],
    bad: [{ LoggingConfiguration: { ...LOGS, IncludeExecutionData: true } }],
  },
  {
    rule: 'TemplateStateMachineEncrypted',
    type: 'AWS::StepFunctions::StateMachine',
    good: [{ EncryptionConfiguration: CUSTOMER }],
    bad: [{}, { EncryptionConfiguration: { Type: 'AWS_OWNED_KEY' } }],
  },
  {
    rule: 'TemplateStreamEncrypted',
    type: 'AWS::Kinesis::Stream',
    good: [{ StreamEncryption: { EncryptionType: 'KMS', KeyId: KEY } }],
    bad: [{}, { StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } }],
  },
];

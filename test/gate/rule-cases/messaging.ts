import { KEY, keyed, type RuleCase } from './case';

/** Cases of the rules in lib/gate/template-rules/messaging.ts. */
export const messagingCases: readonly RuleCase[] = [
  keyed('TemplateSqsEncrypted', 'AWS::SQS::Queue', 'KmsMasterKeyId'),
  keyed('TemplateSnsEncrypted', 'AWS::SNS::Topic', 'KmsMasterKeyId'),
  keyed('TemplateCodeBuildEncrypted', 'AWS::CodeBuild::Project', 'EncryptionKey'),
  {
    rule: 'TemplateKmsRotation',
    type: 'AWS::KMS::Key',
    good: [{ EnableKeyRotation: true }],
    bad: [{}, { KeySpec: 'SYMMETRIC_DEFAULT', EnableKeyRotation: false }],
    otherwise: { KeySpec: 'ECC_NIST_P256' },
  },
  {
    rule: 'TemplatePipelineArtifactsEncrypted',
    type: 'AWS::CodePipeline::Pipeline',
    good: [{ ArtifactStore: { EncryptionKey: { Id: KEY, Type: 'KMS' } } }],
    bad: [
      {},
      { ArtifactStore: { Type: 'S3' } },
      { ArtifactStores: [{ ArtifactStore: { EncryptionKey: { Id: KEY } } }, { ArtifactStore: {} }] },
    ],
  },
  {
    rule: 'TemplateCodeBuildLogs',
    type: 'AWS::CodeBuild::Project',
    good: [{ LogsConfig: { CloudWatchLogs: { Status: 'ENABLED', GroupName: KEY } } }],
    bad: [{}, { LogsConfig: { CloudWatchLogs: { Status: 'DISABLED', GroupName: KEY } } }],
  },
  {
    rule: 'TemplateEcrImmutable',
    type: 'AWS::ECR::Repository',
    good: [{ ImageTagMutability: 'IMMUTABLE' }],
    bad: [{}, { ImageTagMutability: 'MUTABLE' }],
  },
  {
    rule: 'TemplateEcrScanned',
    type: 'AWS::ECR::Repository',
    good: [{ ImageScanningConfiguration: { ScanOnPush: true } }],
    bad: [{}],
  },
  {
    rule: 'TemplateKmsDeletionWindow',
    type: 'AWS::KMS::Key',
    production: true,
    good: [{}, { PendingWindowInDays: 30 }],
    bad: [{ PendingWindowInDays: 7 }],
  },
];

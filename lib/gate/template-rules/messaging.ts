import { expectThat, type Subject, type TemplateRule, type Verdict } from './rule';
import { at, isCustomerKey, isTrue, list } from './values';

const AT_REST = ['164.312(a)(2)(iv)', '164.312(e)(2)(ii)'];

/** Rules over keys, queues, topics and the build. */
export const messagingRules: readonly TemplateRule[] = [
  {
    id: 'TemplateKmsRotation',
    controls: AT_REST,
    rationale: 'A key that never changes protects everything it ever encrypted.',
    mend: 'set enableKeyRotation: true',
    types: ['AWS::KMS::Key'],
    check: ({ properties: { KeySpec: spec, EnableKeyRotation: rotates } }) =>
      spec !== undefined && spec !== 'SYMMETRIC_DEFAULT'
        ? 'not-applicable'
        : expectThat(isTrue(rotates), 'Properties.EnableKeyRotation', rotates, 'true'),
  },
  {
    id: 'TemplateKmsDeletionWindow',
    controls: ['164.308(a)(7)(i)', '164.312(c)(1)'],
    rationale: 'With its key everything that it encrypted is gone, and seven days are a holiday.',
    mend: 'set pendingWindow to 30 days, or leave it out',
    types: ['AWS::KMS::Key'],
    check: ({ properties: { PendingWindowInDays: days }, production }: Subject): Verdict =>
      production
        ? expectThat(days === undefined || Number(days) >= 30, 'Properties.PendingWindowInDays', days, '30')
        : 'not-applicable',
  },
  {
    id: 'TemplateSqsEncrypted',
    controls: AT_REST,
    rationale: 'Messages and dead letters may hold what patients sent.',
    mend: "set encryptionMasterKey, for example the environment's operations.queueKey",
    types: ['AWS::SQS::Queue'],
    check: ({ properties: { KmsMasterKeyId: key } }) =>
      expectThat(isCustomerKey(key), 'Properties.KmsMasterKeyId', key, 'a customer managed key'),
  },
  {
    id: 'TemplateSnsEncrypted',
    controls: AT_REST,
    rationale: 'A notification waits on disk until it is delivered.',
    mend: 'set masterKey',
    types: ['AWS::SNS::Topic'],
    check: ({ properties: { KmsMasterKeyId: key } }) =>
      expectThat(isCustomerKey(key), 'Properties.KmsMasterKeyId', key, 'a customer managed key'),
  },
  {
    id: 'TemplatePipelineArtifactsEncrypted',
    controls: AT_REST,
    rationale: 'Artifacts hold the source and the templates of production.',
    mend: 'give the pipeline an artifactBucket with an encryptionKey',
    types: ['AWS::CodePipeline::Pipeline'],
    check: ({ properties }: Subject): Verdict => {
      const stores = [
        ...list(properties['ArtifactStore']),
        ...list(properties['ArtifactStores']).map((store) => at(store, 'ArtifactStore')),
      ];
      const holds =
        stores.length > 0 && stores.every((store) => isCustomerKey(at(store, 'EncryptionKey', 'Id')));
      return expectThat(holds, 'Properties.ArtifactStore.EncryptionKey', stores, 'a customer managed key');
    },
  },
  {
    id: 'TemplateCodeBuildEncrypted',
    controls: AT_REST,
    rationale: 'Build output and cache hold the source and the templates of production.',
    mend: 'set encryptionKey on the project',
    types: ['AWS::CodeBuild::Project'],
    check: ({ properties: { EncryptionKey: key } }) =>
      expectThat(isCustomerKey(key), 'Properties.EncryptionKey', key, 'a customer managed key'),
  },
  {
    id: 'TemplateCodeBuildLogs',
    controls: ['164.312(b)'],
    rationale: 'A build without a log group of ours logs to one without key or retention.',
    mend: 'set logging.cloudWatch.logGroup',
    types: ['AWS::CodeBuild::Project'],
    check: ({ properties }: Subject): Verdict => {
      const logs = at(properties['LogsConfig'], 'CloudWatchLogs');
      const holds = at(logs, 'Status') === 'ENABLED' && at(logs, 'GroupName') !== undefined;
      return expectThat(holds, 'Properties.LogsConfig.CloudWatchLogs', logs, 'ENABLED, with a GroupName');
    },
  },
  {
    id: 'TemplateEcrImmutable',
    controls: ['164.312(c)(1)'],
    rationale: 'A tag that can be moved deploys something else than what was tested.',
    mend: 'set imageTagMutability: TagMutability.IMMUTABLE',
    types: ['AWS::ECR::Repository'],
    check: ({ properties: { ImageTagMutability: value } }) =>
      expectThat(value === 'IMMUTABLE', 'Properties.ImageTagMutability', value, '"IMMUTABLE"'),
  },
  {
    id: 'TemplateEcrScanned',
    controls: ['164.308(a)(5)(ii)(B)'],
    rationale: 'Known vulnerabilities in an image are found only when it is scanned.',
    mend: 'set imageScanOnPush: true',
    types: ['AWS::ECR::Repository'],
    check: ({ properties }: Subject): Verdict => {
      const scans = at(properties['ImageScanningConfiguration'], 'ScanOnPush');
      return expectThat(isTrue(scans), 'Properties.ImageScanningConfiguration.ScanOnPush', scans, 'true');
    },
  },
];

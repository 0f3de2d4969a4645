import { KEY, type Properties, type RuleCase } from './case';

const ROLLBACK = { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] };
const plan = (...days: readonly (number | undefined)[]): Properties => ({
  BackupPlan: { BackupPlanRule: days.map((DeleteAfterDays) => ({ Lifecycle: { DeleteAfterDays } })) },
});

/** Cases of the rules in lib/gate/template-rules/delivery.ts. */
export const deliveryCases: readonly RuleCase[] = [
  {
    rule: 'TemplateCodeDeployRollback',
    type: 'AWS::CodeDeploy::DeploymentGroup',
    good: [{ AutoRollbackConfiguration: ROLLBACK }],
    bad: [
      {},
      { AutoRollbackConfiguration: { ...ROLLBACK, Enabled: false } },
      { AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE'] } },
    ],
  },
  {
    rule: 'TemplateCodeDeployAlarms',
    type: 'AWS::CodeDeploy::DeploymentGroup',
    good: [{ AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'a' }] } }],
    bad: [
      {},
      { AlarmConfiguration: { Enabled: false, Alarms: [{ Name: 'a' }] } },
      { AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'a' }], IgnorePollAlarmFailure: true } },
    ],
  },
  {
    rule: 'TemplateEcrEncrypted',
    type: 'AWS::ECR::Repository',
    good: [{ EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY } }],
    bad: [
      {},
      { EncryptionConfiguration: { EncryptionType: 'AES256' } },
      { EncryptionConfiguration: { EncryptionType: 'KMS' } },
    ],
  },
  {
    rule: 'TemplateBackupPlanKeeps',
    type: 'AWS::Backup::BackupPlan',
    good: [plan(35, 365)],
    bad: [{}, plan(), plan(35, 7), plan(undefined)],
  },
  {
    rule: 'TemplateBackupVaultLocked',
    type: 'AWS::Backup::BackupVault',
    production: true,
    good: [{ LockConfiguration: { MinRetentionDays: 35 } }],
    bad: [{}, { LockConfiguration: {} }],
  },
];

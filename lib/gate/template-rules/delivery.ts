import { expectThat, type Subject, type TemplateRule, type Verdict } from './rule';
import { at, isCustomerKey, isTrue, list } from './values';

const AT_REST = ['164.312(a)(2)(iv)', '164.312(e)(2)(ii)'];
const CONTINGENCY = ['164.308(a)(7)(i)', '164.308(a)(7)(ii)(A)'];

function rollsBack({ properties }: Subject): Verdict {
  const rollback = properties['AutoRollbackConfiguration'];
  const events = list(at(rollback, 'Events'));
  const holds =
    isTrue(at(rollback, 'Enabled')) &&
    ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'].every((event) => events.includes(event));
  return expectThat(
    holds,
    'Properties.AutoRollbackConfiguration',
    rollback,
    'on, upon failure and upon an alarm',
  );
}

function watches({ properties }: Subject): Verdict {
  const alarms = properties['AlarmConfiguration'];
  const holds =
    at(alarms, 'Enabled') !== false &&
    !isTrue(at(alarms, 'IgnorePollAlarmFailure')) &&
    list(at(alarms, 'Alarms')).length > 0;
  return expectThat(holds, 'Properties.AlarmConfiguration', alarms, 'on, with alarms');
}

function expires({ properties }: Subject): Verdict {
  const rules = list(at(properties['BackupPlan'], 'BackupPlanRule'));
  const holds =
    rules.length > 0 && rules.every((rule) => Number(at(rule, 'Lifecycle', 'DeleteAfterDays')) >= 35);
  return expectThat(
    holds,
    'Properties.BackupPlan.BackupPlanRule',
    rules,
    'a Lifecycle.DeleteAfterDays of at least 35 in each rule',
  );
}

/** Rules over releases, images and backups. */
export const deliveryRules: readonly TemplateRule[] = [
  {
    id: 'TemplateCodeDeployRollback',
    controls: ['164.308(a)(7)(i)', '164.312(c)(1)'],
    rationale: 'A release that fails stays half done until somebody notices.',
    mend: 'set autoRollback: { failedDeployment: true, deploymentInAlarm: true }',
    types: ['AWS::CodeDeploy::DeploymentGroup'],
    check: rollsBack,
  },
  {
    id: 'TemplateCodeDeployAlarms',
    controls: ['164.308(a)(7)(i)', '164.312(b)'],
    rationale: 'A deployment that no alarm watches shifts patients to whatever it started.',
    mend: 'set alarms, and leave ignorePollAlarmsFailure unset',
    types: ['AWS::CodeDeploy::DeploymentGroup'],
    check: watches,
  },
  {
    id: 'TemplateEcrEncrypted',
    controls: AT_REST,
    rationale: 'Only a key of ours lets us say who may decrypt, and withdraw it.',
    mend: 'set encryption: RepositoryEncryption.KMS and encryptionKey',
    types: ['AWS::ECR::Repository'],
    check: ({ properties: { EncryptionConfiguration: encryption } }) =>
      expectThat(
        ['KMS', 'KMS_DSSE'].includes(String(at(encryption, 'EncryptionType'))) &&
          isCustomerKey(at(encryption, 'KmsKey')),
        'Properties.EncryptionConfiguration',
        encryption,
        'KMS and a customer managed key',
      ),
  },
  {
    id: 'TemplateBackupPlanKeeps',
    controls: CONTINGENCY,
    rationale: 'What is noticed after the last recovery point has gone cannot be undone.',
    mend: 'set deleteAfter to 35 days or more in every rule of the plan',
    types: ['AWS::Backup::BackupPlan'],
    check: expires,
  },
  {
    id: 'TemplateBackupVaultLocked',
    controls: [...CONTINGENCY, '164.312(c)(1)'],
    rationale: 'Whoever gets into production and wants a ransom deletes the recovery points first.',
    mend: 'set lockConfiguration, or blockRecoveryPointDeletion',
    types: ['AWS::Backup::BackupVault'],
    check: ({ properties: { LockConfiguration: lock }, production }: Subject): Verdict =>
      production
        ? expectThat(
            Number(at(lock, 'MinRetentionDays')) > 0,
            'Properties.LockConfiguration',
            lock,
            'a lock with MinRetentionDays',
          )
        : 'not-applicable',
  },
];

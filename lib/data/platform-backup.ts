import { ArnFormat, Duration, Stack, Tags } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { accept } from '../gate';
import type { Operations } from '../shared/operations';
import { removalPolicy } from '../shared/removal';
import { ALARM_PERIOD, RunbookAlarm } from '../shared/runbook-alarm';

/** What is backed up, and how. */
export interface PlatformBackupProps {
  /** The environment; its `backup` settings apply. */
  readonly environment: Environment;
  /** Encrypts the recovery points. */
  readonly encryptionKey: kms.IKey;
  /** The ARNs of everything stateful. */
  readonly resources: readonly string[];
  /** Where alarms are sent. */
  readonly operations: Operations;
}

/** Name of the vault that recovery points are copied to, in `backup.copyRegion`; made once, see docs/how-to/backup-copy.md. */
export function copyVaultName(environment: Environment): string {
  return `telehealth-${environment.name}-copy`;
}

/** AWS Backup: a daily recovery point of everything stateful, in a locked vault and, when configured, in a second region. */
export class PlatformBackup extends Construct {
  /** The vault of this region. */
  readonly vault: backup.BackupVault;

  constructor(scope: Construct, id: string, props: PlatformBackupProps) {
    super(scope, id);
    const { environment } = props;
    const production = environment.tier === 'production';

    this.vault = new backup.BackupVault(this, 'Vault', {
      encryptionKey: props.encryptionKey,
      blockRecoveryPointDeletion: production,
      // Without a cooling-off time the lock is in governance mode: only a privileged role may lift it.
      ...(production && {
        lockConfiguration: {
          minRetention: Duration.days(environment.backup.retentionDays),
          ...(environment.recording.lockMode === 'COMPLIANCE' && { changeableFor: Duration.days(3) }),
        },
      }),
      removalPolicy: removalPolicy(environment),
    });
    const plan = new backup.BackupPlan(this, 'Plan', {
      backupVault: this.vault,
      backupPlanRules: [this.dailyRule(environment)],
    });
    plan.addSelection('Everything', {
      role: this.makeRole(),
      resources: props.resources.map((arn) => backup.BackupResource.fromArn(arn)),
      disableDefaultBackupPolicy: true,
    });
    this.addAlarm('Failed', 'NumberOfBackupJobsFailed', 'A backup job failed', props);
    this.addAlarm(
      'Expired',
      'NumberOfBackupJobsExpired',
      'A backup job could not start in its window',
      props,
    );
    // A copy is a job of its own: the backup that it copies has not failed when it does.
    if (environment.backup.copyRegion !== undefined)
      this.addAlarm('CopyFailed', 'NumberOfCopyJobsFailed', 'A copy to the second region failed', props);
    Tags.of(this).add('DataClassification', 'PHI');
  }

  private addAlarm(
    id: string,
    metricName: string,
    summary: string,
    { operations }: PlatformBackupProps,
  ): void {
    new RunbookAlarm(this, id, {
      metric: new Metric({
        namespace: 'AWS/Backup',
        metricName,
        dimensionsMap: { BackupVaultName: this.vault.backupVaultName },
        period: ALARM_PERIOD,
        statistic: Stats.SUM,
      }),
      threshold: 1,
      summary,
      runbook: 'backup-failed',
      operations,
    });
  }

  private dailyRule(environment: Environment): backup.BackupPlanRule {
    const { retentionDays, copyRegion } = environment.backup;
    const deleteAfter = Duration.days(retentionDays);
    return new backup.BackupPlanRule({
      ruleName: 'Daily',
      scheduleExpression: events.Schedule.cron({ hour: '5', minute: '0' }),
      startWindow: Duration.hours(1),
      completionWindow: Duration.hours(6),
      deleteAfter,
      ...(copyRegion !== undefined && {
        copyActions: [{ destinationBackupVault: this.copyVault(environment, copyRegion), deleteAfter }],
      }),
    });
  }

  private copyVault(environment: Environment, copyRegion: string): backup.IBackupVault {
    return backup.BackupVault.fromBackupVaultArn(
      this,
      'CopyVault',
      Stack.of(this).formatArn({
        service: 'backup',
        region: copyRegion,
        resource: 'backup-vault',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        resourceName: copyVaultName(environment),
      }),
    );
  }

  private makeRole(): iam.Role {
    const role = new iam.Role(this, 'Role', {
      description: 'Makes and copies recovery points',
      assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'),
      managedPolicies: [
        iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForBackup'),
        iam.ManagedPolicy.fromAwsManagedPolicyName('AWSBackupServiceRolePolicyForS3Backup'),
      ],
    });
    accept(role, 'TemplateNoReaderSilencesAudit', {
      reason:
        'A backup has to read every bucket, and the policy that AWS manages for it also lets it modify clusters, which switches continuous backup on.',
      owner: 'platform-engineering',
      approvedBy: 'security-officer',
      ticket: 'HIPAA-25',
      expires: '2027-10-31',
      compensatingControl:
        'Only AWS Backup takes the role; drift detection shows a cluster that was modified.',
    });
    return role;
  }
}

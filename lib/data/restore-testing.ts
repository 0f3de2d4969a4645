import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { accept } from '../gate';

/** The types that AWS Backup can be asked to restore for a test, of those the platform has. */
export type RestorableType = 'Aurora' | 'DynamoDB' | 'S3';

/** What is restored for the test, of one type. */
export interface RestorableResources {
  /** AWS Backup's name of the type. */
  readonly type: RestorableType;
  /** ARNs of the resources; one of them is drawn for each test. */
  readonly arns: readonly string[];
  /** What the test restores it with, beside what AWS Backup infers; keys from its developer guide, "Restore testing inferred metadata". */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What the restore test is made from. */
export interface RestoreTestingProps {
  /** The environment it runs in. */
  readonly environment: Environment;
  /** The vault that recovery points are taken from. */
  readonly vault: backup.IBackupVault;
  /** What is restored. */
  readonly restorable: readonly RestorableResources[];
  /** Keys of the recovery points and of what is restored. */
  readonly keys: readonly kms.IKey[];
}

/** A rehearsal on the first of every month: AWS Backup restores a recent recovery point of each type and removes it again. */
export class RestoreTesting extends Construct {
  constructor(scope: Construct, id: string, props: RestoreTestingProps) {
    super(scope, id);
    const { environment } = props;
    const role = new iam.Role(this, 'Role', {
      description: 'Restores recovery points for a test and removes what it restored',
      assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'),
      managedPolicies: [
        iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForRestores'),
        iam.ManagedPolicy.fromAwsManagedPolicyName('AWSBackupServiceRolePolicyForS3Restore'),
      ],
    });
    for (const key of props.keys) key.grantEncryptDecrypt(role);
    accept(role, 'TemplateNoReaderSilencesAudit', {
      reason:
        'A restore has to write what it restores, and AWS manages the policies that let it do so to every bucket and table.',
      owner: 'platform-engineering',
      approvedBy: 'security-officer',
      ticket: 'HIPAA-24',
      expires: '2027-10-31',
      compensatingControl:
        'Only AWS Backup takes the role; the access logs keep their versions, the evidence is under Object Lock, and the audit tables deny changes.',
    });

    // AWS Backup demands names here, of letters, digits and underscores alone.
    const plan = new backup.CfnRestoreTestingPlan(this, 'Plan', {
      restoreTestingPlanName: `telehealth_${environment.name}_monthly`,
      scheduleExpression: 'cron(0 7 1 * ? *)',
      startWindowHours: 4,
      recoveryPointSelection: {
        algorithm: 'LATEST_WITHIN_WINDOW',
        includeVaults: [props.vault.backupVaultArn],
        recoveryPointTypes: ['SNAPSHOT'],
        selectionWindowDays: 7,
      },
    });
    for (const { type, arns, metadata } of props.restorable)
      new backup.CfnRestoreTestingSelection(this, type, {
        restoreTestingPlanName: plan.ref,
        restoreTestingSelectionName: type,
        protectedResourceType: type,
        protectedResourceArns: [...arns],
        iamRoleArn: role.roleArn,
        restoreMetadataOverrides: { ...metadata },
        validationWindowHours: 1,
      });
  }
}

import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/schema';
import { migrateStepRoleName, migrationCallerRoleName } from '../../shared/migration-roles';

/** What the role is made from. */
export interface MigrateStepRoleProps {
  /** The environment whose database is migrated. */
  readonly environment: Environment;
  /** Account of the pipeline, which alone may have builds take the role. */
  readonly pipelineAccount: string;
}

/**
 * The role of an environment's migration steps. It may become the one caller in that environment's account; its name is
 * fixed, since that caller knows it by name (docs/adr/0113-role-of-the-migration-step.md).
 */
export class MigrateStepRole extends iam.Role {
  constructor(scope: Construct, id: string, props: MigrateStepRoleProps) {
    const { environment, pipelineAccount } = props;
    super(scope, id, {
      roleName: migrateStepRoleName(environment),
      description: `Migrates the database of ${environment.name}`,
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': pipelineAccount } },
      }),
    });
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'BecomeMigrationCaller',
        actions: ['sts:AssumeRole'],
        resources: [`arn:aws:iam::${environment.account}:role/${migrationCallerRoleName(environment)}`],
      }),
    );
  }
}

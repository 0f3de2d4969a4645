import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import type { ApiRelease } from './api-release';

/** What the permissions are made from. */
export interface CheckPermissionsProps {
  /** The environment that is looked at. */
  readonly environment: Environment;
  /** What the pipeline becomes to look. */
  readonly caller: iam.IRole;
  /** The deployment group whose deployments it sees. */
  readonly release: ApiRelease;
  /** Signs in the synthetic person. */
  readonly signIn: lambda.IFunction;
}

/** What the pipeline may see of releases, and whom it may try them as: a guard asks whether one runs, the smoke signs in. */
export class CheckPermissions extends iam.ManagedPolicy {
  constructor(scope: Construct, id: string, props: CheckPermissionsProps) {
    const { environment, caller, release, signIn } = props;
    super(scope, id, {
      description: `telehealth ${environment.name}: the pipeline looks at releases of the API`,
      roles: [caller],
      statements: [
        new iam.PolicyStatement({
          sid: 'SeeDeployments',
          actions: [
            'codedeploy:GetDeployment',
            'codedeploy:GetDeploymentGroup',
            'codedeploy:ListDeployments',
            'codedeploy:ListDeploymentTargets',
            'codedeploy:BatchGetDeploymentTargets',
          ],
          resources: [release.group.deploymentGroupArn],
        }),
        new iam.PolicyStatement({
          sid: 'SeeRevisions',
          actions: ['codedeploy:GetApplicationRevision'],
          resources: [release.application.applicationArn],
        }),
        new iam.PolicyStatement({
          sid: 'TryAsSyntheticPerson',
          actions: ['lambda:InvokeFunction'],
          resources: [signIn.functionArn],
        }),
      ],
    });
  }
}

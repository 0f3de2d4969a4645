import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import type { Data } from '../data/data-stack';
import { explainWildcard } from '../gate';
import { RELEASE_METRICS } from '../release/records/model';
import type { ApiRelease } from './api-release';
import type { ApiService } from './api-service';

/** What the permissions are made from. */
export interface ReleasePermissionsProps {
  /** The environment that is released. */
  readonly environment: Environment;
  /** What the pipeline becomes to release. */
  readonly caller: iam.IRole;
  /** The service that is released. */
  readonly api: ApiService;
  /** Its deployment group. */
  readonly release: ApiRelease;
  /** Where releases are recorded. */
  readonly data: Data;
}

/**
 * What the pipeline may do to release the API: start, watch and stop deployments of one group, and record them. It changes
 * no resource itself.
 */
export class ReleasePermissions extends iam.ManagedPolicy {
  constructor(scope: Construct, id: string, props: ReleasePermissionsProps) {
    const { environment, caller, api, release, data } = props;
    const { account, region } = environment;
    const { table, bus } = data.releases;
    super(scope, id, {
      description: `telehealth ${environment.name}: the pipeline releases the API`,
      roles: [caller],
      statements: [
        new iam.PolicyStatement({
          sid: 'Deploy',
          actions: [
            'codedeploy:CreateDeployment',
            'codedeploy:GetDeployment',
            'codedeploy:StopDeployment',
            'codedeploy:ListDeployments',
            'codedeploy:GetDeploymentGroup',
            'codedeploy:ListDeploymentTargets',
            'codedeploy:BatchGetDeploymentTargets',
          ],
          resources: [release.group.deploymentGroupArn],
        }),
        new iam.PolicyStatement({
          sid: 'Revise',
          actions: ['codedeploy:RegisterApplicationRevision', 'codedeploy:GetApplicationRevision'],
          resources: [release.application.applicationArn],
        }),
        new iam.PolicyStatement({
          sid: 'ReadConfigurations',
          actions: ['codedeploy:GetDeploymentConfig'],
          resources: [`arn:aws:codedeploy:${region}:${account}:deploymentconfig:*`],
        }),
        new iam.PolicyStatement({
          sid: 'SeeService',
          actions: ['ecs:DescribeServices'],
          resources: [api.service.serviceArn],
        }),
        new iam.PolicyStatement({
          sid: 'SeeRevisionsAndAlarms',
          actions: ['ecs:DescribeTaskDefinition', 'cloudwatch:DescribeAlarms'],
          resources: ['*'],
        }),
        new iam.PolicyStatement({
          sid: 'Measure',
          actions: ['cloudwatch:PutMetricData'],
          resources: ['*'],
          conditions: { StringEquals: { 'cloudwatch:namespace': RELEASE_METRICS } },
        }),
        new iam.PolicyStatement({
          sid: 'Record',
          actions: ['dynamodb:PutItem', 'dynamodb:Query'],
          resources: [table.tableArn],
        }),
        new iam.PolicyStatement({
          sid: 'EncryptRecords',
          actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
          resources: [data.keys.audit.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` } },
        }),
        new iam.PolicyStatement({ sid: 'Tell', actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
      ],
    });
    explainWildcard(this, {
      'codedeploy:GetDeploymentConfig':
        'CodeDeploy asks for the configuration of a group, which may be one of its own; reading only',
      'ecs:DescribeTaskDefinition': 'ECS has no resource level for reading task definitions; reading only',
      'cloudwatch:DescribeAlarms':
        'CloudWatch has no resource level for listing alarms by name; reading only',
    });
  }
}

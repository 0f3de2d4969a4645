import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import type { Data } from '../data/data-stack';
import { explainWildcard } from '../gate';
import { RELEASE_METRICS } from '../release/records/model';
import { callerRoleName, stepRoleName } from '../shared/pipeline-roles';
import type { ApiRelease } from './api-release';
import type { ApiService } from './api-service';

/** What the caller's role is made from. */
export interface ReleaseCallerProps {
  /** The environment that is released. */
  readonly environment: Environment;
  /** Account of the pipeline. */
  readonly pipelineAccount: string;
  /** The service that is released. */
  readonly api: ApiService;
  /** Its deployment group. */
  readonly release: ApiRelease;
  /** Where releases are recorded. */
  readonly data: Data;
}

/**
 * What the pipeline becomes in the environment's account to release the API: it reads change sets, starts, watches and
 * stops deployments of one group, and records them. It changes no resource itself. One role of the pipeline's account may
 * take it, by name (docs/adr/0113-role-of-the-migration-step.md).
 */
export class ReleaseCaller extends iam.Role {
  constructor(scope: Construct, id: string, props: ReleaseCallerProps) {
    const { environment, pipelineAccount, api, release, data } = props;
    const { account, region } = environment;
    super(scope, id, {
      roleName: callerRoleName('release', environment),
      description: 'The pipeline releases the API',
      assumedBy: new iam.AccountPrincipal(pipelineAccount).withConditions({
        ArnEquals: {
          'aws:PrincipalArn': `arn:aws:iam::${pipelineAccount}:role/${stepRoleName('release', environment)}`,
        },
      }),
    });
    const codeDeploy = (what: string): string => `arn:aws:codedeploy:${region}:${account}:${what}`;
    const { table, bus } = data.releases;
    const stage = Stack.of(scope).stackName.replace(/-[^-]+$/, '');
    for (const statement of [
      new iam.PolicyStatement({
        sid: 'ReadStacks',
        actions: [
          'cloudformation:DescribeStacks',
          'cloudformation:DescribeChangeSet',
          'cloudformation:GetTemplate',
        ],
        resources: [`arn:aws:cloudformation:${region}:${account}:stack/${stage}-*/*`],
      }),
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
        resources: [codeDeploy('deploymentconfig:*')],
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
    ])
      this.addToPolicy(statement);
    explainWildcard(this, {
      'ecs:DescribeTaskDefinition': 'ECS has no resource level for reading task definitions; reading only',
      'cloudwatch:DescribeAlarms':
        'CloudWatch has no resource level for listing alarms by name; reading only',
    });
  }
}

import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';

/** What the API's role is made from. */
export interface ApiRoleProps {
  /** The environment it belongs to. */
  readonly environment: Environment;
}

/**
 * The role of the API's tasks; only tasks of this account and region may take it. It is allowed nothing here:
 * each stack attaches what it lends, in a policy of its own.
 */
export class ApiRole extends iam.Role {
  constructor(scope: Construct, id: string, props: ApiRoleProps) {
    const { account, region } = props.environment;
    super(scope, id, {
      description: 'The tasks of the API',
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:aws:ecs:${region}:${account}:*` },
        },
      }),
    });
  }
}

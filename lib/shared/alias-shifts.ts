import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { explainWildcard } from '../gate';
import type { Handler } from './handler';
import type { Operations } from './operations';
import { RunbookAlarm } from './runbook-alarm';

const { LambdaDeploymentConfig } = codedeploy;

/** Name of the alias that callers are given. */
export const LIVE_ALIAS = 'live';

const MINUTE = Duration.minutes(1);

/** A function that answers while somebody waits. */
export interface ShiftedHandler {
  /** The function. */
  readonly handler: Handler;
  /**
   * Counts answers that Lambda takes for errors and that are meant: a sum, a call at most once.
   * @default - every error is one
   */
  readonly refusals?: cloudwatch.Metric;
}

/** What the shifts are made from. */
export interface AliasShiftsProps<Name extends string> {
  /** The environment; its `release` says how calls move to a new version. */
  readonly environment: Environment;
  /** Where alarms are sent. */
  readonly operations: Operations;
  /** The functions, each by the name that its alias is found under. */
  readonly handlers: Readonly<Record<Name, ShiftedHandler>>;
}

/**
 * Aliases whose calls move to a new version of their function as the environment's `release` says. CloudFormation has
 * CodeDeploy move them while it updates the alias; when the function fails on the way, all calls go to the version before
 * and the update of the stack fails.
 */
export class AliasShifts<Name extends string> extends Construct {
  /** What to call instead of the functions. */
  readonly aliases: Readonly<Record<Name, lambda.IFunction>>;

  constructor(scope: Construct, id: string, props: AliasShiftsProps<Name>) {
    super(scope, id);
    const application = new codedeploy.LambdaApplication(this, 'Application');
    const role = this.role(props);
    const permissions = this.permissions(role, props);
    const deploymentConfig = this.configuration(props.environment);
    const shift = (name: string, { handler, refusals }: ShiftedHandler): lambda.IFunction => {
      const place = new Construct(this, name);
      const alias = new lambda.Alias(place, 'Alias', {
        aliasName: LIVE_ALIAS,
        description: 'What callers are given; CodeDeploy moves it',
        version: handler.function.currentVersion as lambda.IVersion,
      });
      const group = new codedeploy.LambdaDeploymentGroup(place, 'Group', {
        application,
        alias,
        // Without policy updates, since CDK would attach AWSCodeDeployRoleForLambdaLimited, which allows every alias.
        role: role.withoutPolicyUpdates(),
        deploymentConfig,
        alarms: [failing(place, alias, refusals, props.operations)],
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      });
      group.node.addDependency(permissions);
      return alias as lambda.IFunction;
    };
    const named = Object.entries<ShiftedHandler>(props.handlers).map(([name, one]) => [
      name,
      shift(name, one),
    ]);
    this.aliases = Object.fromEntries(named) as Readonly<Record<Name, lambda.IFunction>>;
  }

  /** AWS's own configuration where there is one, else one of ours. */
  private configuration({ release }: Environment): codedeploy.ILambdaDeploymentConfig {
    if (release.strategy === 'all-at-once') return LambdaDeploymentConfig.ALL_AT_ONCE;
    const { strategy, percentage, intervalMinutes } = release;
    const ready: Readonly<Record<string, codedeploy.ILambdaDeploymentConfig>> = {
      'canary 10 5': LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      'canary 10 10': LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
      'linear 10 1': LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE,
      'linear 10 2': LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_2MINUTES,
    };
    const step = { percentage, interval: Duration.minutes(intervalMinutes) };
    return (
      ready[`${strategy} ${percentage} ${intervalMinutes}`] ??
      new LambdaDeploymentConfig(this, 'Configuration', {
        trafficRouting:
          strategy === 'canary'
            ? codedeploy.TrafficRouting.timeBasedCanary(step)
            : codedeploy.TrafficRouting.timeBasedLinear(step),
      })
    );
  }

  /** The role of deployments; only CodeDeploy for this account may take it. */
  private role({ environment }: AliasShiftsProps<Name>): iam.Role {
    return new iam.Role(this, 'Role', {
      description: 'Moves calls between versions of functions',
      assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': environment.account } },
      }),
    });
  }

  /** What CodeDeploy does for a Lambda deployment (its guide, "Create a service role"), on these aliases alone. */
  private permissions(role: iam.IRole, { handlers }: AliasShiftsProps<Name>): iam.ManagedPolicy {
    const functions = Object.values<ShiftedHandler>(handlers).map(
      ({ handler }) => handler.function.functionArn,
    );
    const policy = new iam.ManagedPolicy(this, 'Policy', {
      description: 'CodeDeploy moves the aliases',
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          sid: 'MoveAliases',
          actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
          resources: functions.flatMap((arn) => [arn, `${arn}:${LIVE_ALIAS}`]),
        }),
        new iam.PolicyStatement({
          sid: 'ReadAlarms',
          actions: ['cloudwatch:DescribeAlarms'],
          resources: ['*'],
        }),
      ],
    });
    explainWildcard(policy, {
      'cloudwatch:DescribeAlarms': 'CodeDeploy asks for alarms without naming them; reading only',
    });
    return policy;
  }
}

/** Goes off when calls of the alias fail, whichever version answered. */
function failing(
  scope: Construct,
  alias: lambda.Alias,
  refusals: cloudwatch.Metric | undefined,
  operations: Operations,
): cloudwatch.Alarm {
  const errors = alias.metricErrors({ period: MINUTE });
  const common = { operations, runbook: 'handler-errors', threshold: 1 };
  if (refusals === undefined)
    return new RunbookAlarm(scope, 'Failing', {
      ...common,
      metric: errors,
      summary: 'A call of the live version failed',
    });
  return new RunbookAlarm(scope, 'Failing', {
    ...common,
    metric: new cloudwatch.MathExpression({
      expression: 'FILL(errors, 0) - FILL(refusals, 0)',
      usingMetrics: { errors, refusals: refusals.with({ period: MINUTE, statistic: cloudwatch.Stats.SUM }) },
      period: MINUTE,
      label: 'errors that are no refusals',
    }),
    // The count of refusals comes by way of the log and may be a minute late: one minute alone says nothing.
    periods: 3,
    badPeriods: 2,
    summary: 'Calls of the live version failed, other than by refusing',
  });
}

import { ArnFormat, Stack, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as waf from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { type Environment, REQUESTS_PER_FIVE_MINUTES } from '../config/schema';
import { logRetention } from '../shared/log-retention';
import type { Operations } from '../shared/operations';
import { removalPolicy } from '../shared/removal';

/** What the firewall is made from. */
export interface WebFirewallProps {
  /** The environment it stands before. */
  readonly environment: Environment;
  /** Where it logs. */
  readonly operations: Operations;
  /** The load balancer it stands before. */
  readonly loadBalancerArn: string;
}

/** AWS's managed rules and a rate limit before the load balancer; every decision is logged, without credentials. */
export class WebFirewall extends Construct {
  constructor(scope: Construct, id: string, props: WebFirewallProps) {
    super(scope, id);

    const acl = new waf.CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('WebFirewall'),
      rules: [
        {
          name: 'RateLimit',
          priority: 0,
          action: { block: {} },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: REQUESTS_PER_FIVE_MINUTES,
              evaluationWindowSec: 300,
            },
          },
          visibilityConfig: visibility('RateLimit'),
        },
        // Its 8 KB limit of a body would refuse documents that clinicians upload; it counts instead.
        managed('AWSManagedRulesCommonRuleSet', 1, ['SizeRestrictions_BODY']),
        managed('AWSManagedRulesKnownBadInputsRuleSet', 2),
        managed('AWSManagedRulesSQLiRuleSet', 3),
        managed('AWSManagedRulesAmazonIpReputationList', 4),
      ],
    });
    new waf.CfnWebACLAssociation(this, 'Association', {
      resourceArn: props.loadBalancerArn,
      webAclArn: acl.attrArn,
    });
    this.log(acl, props);
  }

  private log(acl: waf.CfnWebACL, { environment, operations }: WebFirewallProps): void {
    const stack = Stack.of(this);
    const group = new logs.LogGroup(this, 'Log', {
      // WAF writes only to log groups of this prefix.
      logGroupName: `aws-waf-logs-telehealth-${environment.name}`,
      encryptionKey: operations.logKey,
      retention: logRetention(environment.retention.logDays),
      removalPolicy: removalPolicy(environment),
    });
    Tags.of(group).add('DataClassification', 'Audit');
    group.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowFirewall',
        principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [group.logGroupArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'logs', resource: '*' }) },
        },
      }),
    );
    const logging = new waf.CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      // WAF refuses the ARN that CloudFormation returns, which ends with ":*".
      logDestinationConfigs: [
        stack.formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: group.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [
        { singleHeader: { Name: 'authorization' } },
        { singleHeader: { Name: 'cookie' } },
        { queryString: {} },
      ],
    });
    logging.node.addDependency(group);
  }
}

/** Metrics, but no samples: they would show whole requests, query and cookies too, in the console. */
function visibility(metricName: string): waf.CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false, metricName };
}

function managed(
  name: string,
  priority: number,
  counted: readonly string[] = [],
): waf.CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ...(counted.length > 0 && {
          ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
        }),
      },
    },
    visibilityConfig: visibility(name),
  };
}

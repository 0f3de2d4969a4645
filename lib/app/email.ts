import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as ses from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import type { Operations } from '../shared/operations';
import { RunbookAlarm } from '../shared/runbook-alarm';

/** What email is made from. */
export interface EmailProps {
  /** The environment that sends. */
  readonly environment: Environment;
  /** Where alarms are sent. */
  readonly operations: Operations;
  /** The public zone of the domain that mail comes from. */
  readonly zone: route53.IHostedZone;
  /** The role that sends. */
  readonly role: iam.IRole;
}

/**
 * Email from the platform's own domain: signed (DKIM), with its own return path, over TLS only. Events are counted
 * in CloudWatch and sent nowhere else, for they hold patients' addresses.
 */
export class Email extends Construct {
  constructor(scope: Construct, id: string, props: EmailProps) {
    super(scope, id);
    const { environment, operations, zone } = props;

    const configuration = new ses.ConfigurationSet(this, 'Configuration', {
      tlsPolicy: ses.ConfigurationSetTlsPolicy.REQUIRE,
      suppressionReasons: ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
      reputationMetrics: true,
    });
    configuration.addEventDestination('Counts', {
      destination: ses.EventDestination.cloudWatchDimensions([
        {
          source: ses.CloudWatchDimensionSource.MESSAGE_TAG,
          name: 'ses:configuration-set',
          defaultValue: 'none',
        },
      ]),
      events: [
        ses.EmailSendingEvent.SEND,
        ses.EmailSendingEvent.DELIVERY,
        ses.EmailSendingEvent.BOUNCE,
        ses.EmailSendingEvent.COMPLAINT,
        ses.EmailSendingEvent.REJECT,
      ],
    });
    const identity = new ses.EmailIdentity(this, 'Identity', {
      identity: ses.Identity.publicHostedZone(zone),
      configurationSet: configuration,
      mailFromDomain: `mail.${zone.zoneName}`,
      mailFromBehaviorOnMxFailure: ses.MailFromBehaviorOnMxFailure.REJECT_MESSAGE,
    });
    new route53.TxtRecord(this, 'Dmarc', {
      zone,
      recordName: '_dmarc',
      values: ['v=DMARC1; p=reject; adkim=s; aspf=r'],
    });
    new iam.ManagedPolicy(this, 'Send', {
      description: `telehealth ${environment.name}: the API sends mail from the platform's domain`,
      roles: [props.role],
      statements: [
        new iam.PolicyStatement({
          sid: 'SendMail',
          actions: ['ses:SendEmail'],
          resources: [
            identity.emailIdentityArn,
            Stack.of(this).formatArn({
              service: 'ses',
              resource: 'configuration-set',
              resourceName: configuration.configurationSetName,
            }),
          ],
          conditions: { StringLike: { 'ses:FromAddress': `*@${zone.zoneName}` } },
        }),
      ],
    });

    // Amazon reviews an account at 5 % bounces and 0.1 % complaints (SES developer guide, "Sending review process").
    for (const [name, metricName, threshold] of [
      ['Bounces', 'Reputation.BounceRate', 0.05],
      ['Complaints', 'Reputation.ComplaintRate', 0.001],
    ] as const)
      new RunbookAlarm(this, name, {
        operations,
        summary: `${name} are at the rate at which Amazon may stop the account's mail`,
        runbook: 'email-reputation',
        metric: new cloudwatch.Metric({
          namespace: 'AWS/SES',
          metricName,
          statistic: 'Average',
          period: Duration.hours(1),
        }),
        threshold,
      });
  }
}

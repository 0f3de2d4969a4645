import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';

/** What the answers to threats are made from. */
export interface ThreatResponseProps {
  /** The pool that is protected. */
  readonly userPool: cognito.UserPool;
}

/**
 * What threat protection does: a known leaked password and a sign-in of high risk are blocked, one of medium or low
 * risk has to give the second factor, a remembered device notwithstanding.
 */
export class ThreatResponse extends Construct {
  constructor(scope: Construct, id: string, props: ThreatResponseProps) {
    super(scope, id);
    new cognito.CfnUserPoolRiskConfigurationAttachment(this, 'Risk', {
      userPoolId: props.userPool.userPoolId,
      clientId: 'ALL',
      compromisedCredentialsRiskConfiguration: {
        eventFilter: ['SIGN_IN', 'SIGN_UP', 'PASSWORD_CHANGE'],
        actions: { eventAction: 'BLOCK' },
      },
      accountTakeoverRiskConfiguration: {
        actions: {
          highAction: { eventAction: 'BLOCK', notify: false },
          mediumAction: { eventAction: 'MFA_REQUIRED', notify: false },
          lowAction: { eventAction: 'MFA_REQUIRED', notify: false },
        },
      },
    });
  }
}

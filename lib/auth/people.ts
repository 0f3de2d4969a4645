import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { ROLES } from '../../lambda/shared/roles';
import type { Environment } from '../config/schema';

/** What the user pool is made from. */
export interface PeopleProps {
  /** The environment it belongs to. */
  readonly environment: Environment;
}

/**
 * The user pool: sign-in by e-mail address, a second factor for everybody, threat protection that blocks, and one group
 * a role. The role is the group and nothing else, so there is no attribute of that name.
 */
export class People extends cognito.UserPool {
  constructor(scope: Construct, id: string, props: PeopleProps) {
    const { environment } = props;
    const keep = environment.removal === 'retain';
    super(scope, id, {
      selfSignUpEnabled: environment.signUp.domains.length > 0,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      // The old address keeps working until the new one is proved.
      keepOriginal: { email: true },
      standardAttributes: { email: { required: true, mutable: true } },
      customAttributes: {
        org_id: new cognito.StringAttribute({ minLen: 2, maxLen: 36, mutable: true }),
        purpose_of_use: new cognito.StringAttribute({ maxLen: 64, mutable: true }),
        allowed_states: new cognito.StringAttribute({ maxLen: 256, mutable: true }),
        last_login_at: new cognito.StringAttribute({ maxLen: 32, mutable: true }),
      },
      mfa: cognito.Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        passwordHistorySize: 12,
        tempPasswordValidity: Duration.days(3),
      },
      accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
      featurePlan: cognito.FeaturePlan.PLUS,
      standardThreatProtectionMode: cognito.StandardThreatProtectionMode.FULL_FUNCTION,
      // A remembered device is a signal for threat protection; it never replaces the second factor.
      deviceTracking: { challengeRequiredOnNewDevice: false, deviceOnlyRememberedOnUserPrompt: true },
      userInvitation: {
        emailSubject: 'Your telehealth account',
        emailBody:
          'Your user name is {username} and your temporary password is {####}. It is valid for 3 days.',
      },
      userVerification: {
        emailStyle: cognito.VerificationEmailStyle.CODE,
        emailSubject: 'Your telehealth verification code',
        emailBody: 'Your verification code is {####}.',
      },
      deletionProtection: keep,
      removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    ROLES.forEach((role, index) => this.addGroup(role, { groupName: role, precedence: index + 1 }));
    Tags.of(this).add('DataClassification', 'PII');
  }
}

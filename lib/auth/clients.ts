import { Duration } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';

/** What the clients are made from. */
export interface ClientsProps {
  /** The environment they belong to. */
  readonly environment: Environment;
  /** The pool they sign people in to. */
  readonly userPool: cognito.UserPool;
}

/** The clients of the user pool; none can write anything but a person's own name and address. */
export class Clients extends Construct {
  /** The web front end's: public, without a secret; the password never leaves the browser (SRP), or code flow with PKCE. */
  readonly web: cognito.UserPoolClient;
  /** For scripts and tests, whose caller also needs AWS permission for `cognito-idp:AdminInitiateAuth`. */
  readonly api: cognito.UserPoolClient;
  /** For the function that signs in the synthetic person: five minutes of access, and nothing that prolongs them. */
  readonly synthetic: cognito.UserPoolClient;

  constructor(scope: Construct, id: string, props: ClientsProps) {
    super(scope, id);
    const { environment, userPool } = props;
    const shared = {
      userPool,
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.days(7),
      authSessionValidity: Duration.minutes(3),
      supportedIdentityProviders: [cognito.UserPoolClientIdentityProvider.COGNITO],
      readAttributes: new cognito.ClientAttributes()
        .withStandardAttributes({ email: true, emailVerified: true, givenName: true, familyName: true })
        .withCustomAttributes('org_id', 'purpose_of_use', 'allowed_states', 'last_login_at'),
      writeAttributes: new cognito.ClientAttributes().withStandardAttributes({
        email: true,
        givenName: true,
        familyName: true,
      }),
    } satisfies cognito.UserPoolClientProps;

    this.web = new cognito.UserPoolClient(this, 'Web', {
      ...shared,
      authFlows: { userSrp: true },
      ...(environment.domain
        ? {
            oAuth: {
              flows: { authorizationCodeGrant: true },
              scopes: [cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, cognito.OAuthScope.PROFILE],
              callbackUrls: [`https://${environment.domain.name}/auth/callback`],
              logoutUrls: [`https://${environment.domain.name}/`],
            },
          }
        : { disableOAuth: true }),
    });
    this.api = new cognito.UserPoolClient(this, 'Api', {
      ...shared,
      authFlows: { adminUserPassword: true },
      disableOAuth: true,
    });
    this.synthetic = new cognito.UserPoolClient(this, 'Synthetic', {
      ...shared,
      accessTokenValidity: Duration.minutes(5),
      idTokenValidity: Duration.minutes(5),
      refreshTokenValidity: Duration.hours(1),
      authFlows: { adminUserPassword: true },
      disableOAuth: true,
    });
    // The library allows a refresh to every client; without the flow a refresh token opens nothing.
    const client = this.synthetic.node.defaultChild as cognito.CfnUserPoolClient;
    client.explicitAuthFlows = ['ALLOW_ADMIN_USER_PASSWORD_AUTH'];
  }
}

import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { UserPoolDomainTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';

/** Cognito serves custom domains through CloudFront, whose certificates live in this region alone. */
export const CERTIFICATE_REGION = 'us-east-1';

/** What the sign-in pages' domain is made from. */
export interface SignInDomainProps {
  /** Region of the environment. */
  readonly region: string;
  /** The platform's domain and its zone. */
  readonly domain: NonNullable<Environment['domain']>;
  /** The pool whose sign-in pages are served. */
  readonly userPool: cognito.UserPool;
  /** The client that people sign in to there. */
  readonly webClient: cognito.UserPoolClient;
}

/**
 * Sign-in pages at `auth.<domain>`. Cognito asks that `<domain>` itself resolves to an address before this is made
 * (Amazon Cognito developer guide, "Using your own domain for managed login"): docs/how-to/sign-in-domain.md.
 */
export class SignInDomain extends Construct {
  constructor(scope: Construct, id: string, props: SignInDomainProps) {
    super(scope, id);
    const { domain, userPool, webClient } = props;
    const name = `auth.${domain.name}`;
    const zone = route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: domain.hostedZoneId,
      zoneName: domain.name,
    });
    const userPoolDomain = userPool.addDomain('Domain', {
      customDomain: { domainName: name, certificate: this.certificate(props, name, zone) },
      managedLoginVersion: cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    // Managed login shows nothing for a client that has no branding.
    new cognito.CfnManagedLoginBranding(this, 'Branding', {
      userPoolId: userPool.userPoolId,
      clientId: webClient.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    new route53.ARecord(this, 'Alias', {
      zone,
      recordName: name,
      target: route53.RecordTarget.fromAlias(new UserPoolDomainTarget(userPoolDomain)),
    });
  }

  private certificate(
    { region, domain }: SignInDomainProps,
    name: string,
    zone: route53.IHostedZone,
  ): acm.ICertificate {
    if (domain.authCertificateArn !== undefined)
      return acm.Certificate.fromCertificateArn(this, 'Certificate', domain.authCertificateArn);
    if (region !== CERTIFICATE_REGION)
      throw new Error(
        `The sign-in pages' certificate has to be in ${CERTIFICATE_REGION} and the environment is in ${region}: ` +
          `make one there for ${name} and set domain.authCertificateArn.`,
      );
    return new acm.Certificate(this, 'Certificate', {
      domainName: name,
      validation: acm.CertificateValidation.fromDns(zone),
    });
  }
}

import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';

/** What the domain is made from. */
export interface ApiDomainProps {
  /** The environment; its `domain` and `certificateArn` decide. */
  readonly environment: Environment;
}

/** The name of the API and the certificate for it: made for the domain, or the one the configuration names. */
export class ApiDomain extends Construct {
  /** What the HTTPS listeners show. */
  readonly certificate: acm.ICertificate;
  /** The public zone of the domain, when there is one. */
  readonly zone: route53.IHostedZone | undefined;
  private readonly apiName: string | undefined;

  constructor(scope: Construct, id: string, { environment }: ApiDomainProps) {
    super(scope, id);
    const { domain, certificateArn } = environment;
    if (domain) {
      this.apiName = `api.${domain.name}`;
      this.zone = route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', {
        hostedZoneId: domain.hostedZoneId,
        zoneName: domain.name,
      });
    }
    if (certificateArn)
      this.certificate = acm.Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    else if (this.apiName)
      this.certificate = new acm.Certificate(this, 'Certificate', {
        domainName: this.apiName,
        validation: acm.CertificateValidation.fromDns(this.zone),
        keyAlgorithm: acm.KeyAlgorithm.EC_PRIME256V1,
      });
    else throw new Error(`The environment ${environment.name} has neither a domain nor a certificateArn.`);
  }

  /** Points the API's name at the load balancer; does nothing without a domain. */
  pointAt(loadBalancer: elb.ApplicationLoadBalancer): void {
    if (!this.zone || !this.apiName) return;
    new route53.ARecord(this, 'Alias', {
      zone: this.zone,
      recordName: this.apiName,
      target: route53.RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)),
    });
    // Only Amazon may issue certificates for the API's name.
    new route53.CaaAmazonRecord(this, 'Caa', { zone: this.zone, recordName: this.apiName });
  }
}

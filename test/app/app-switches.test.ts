import { Match, type Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentInput } from '../../lib/config/schema';
import { testEnvironment } from '../support/app';
import { platformTemplate } from '../support/platform';
import { appTemplate } from './support';

const CERTIFICATE = 'arn:aws:acm:us-east-1:333333333333:certificate/00000000-0000-4000-8000-000000000003';
const full = platformTemplate('Pipeline/Prod/App');
const plain = platformTemplate('Pipeline/Staging/App');
const having = (overrides: Partial<EnvironmentInput>): Template => appTemplate(testEnvironment(overrides));

describe('with a domain and without', () => {
  test('a certificate is made for it, or the one that is named is shown', () => {
    full.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: 'api.care.example.org',
      ValidationMethod: 'DNS',
    });
    plain.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    const named = having({ certificateArn: CERTIFICATE });
    named.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    named.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Certificates: [{ CertificateArn: CERTIFICATE }],
    });
  });

  test('the name leads to the load balancer, or there is none', () => {
    full.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'api.care.example.org.',
      Type: 'A',
      AliasTarget: Match.objectLike({ HostedZoneId: Match.anyValue() }),
    });
    plain.resourceCountIs('AWS::Route53::RecordSet', 0);
  });

  test('mail is sent from it over TLS only, or not at all', () => {
    full.hasResourceProperties('AWS::SES::ConfigurationSet', { DeliveryOptions: { TlsPolicy: 'REQUIRE' } });
    full.resourceCountIs('AWS::SES::EmailIdentity', 1);
    plain.resourceCountIs('AWS::SES::EmailIdentity', 0);
    plain.resourceCountIs('AWS::SES::ConfigurationSet', 0);
  });
});

describe('with a front end and without', () => {
  test('it is hosted, with no secret in the template', () => {
    const template = having({
      frontEnd: { repository: 'https://github.com/example-telehealth/web', branch: 'main' },
    });
    template.hasResourceProperties('AWS::Amplify::App', {
      Repository: 'https://github.com/example-telehealth/web',
      AccessToken: '{{resolve:secretsmanager:telehealth/prod/front-end-repository:SecretString:::}}',
    });
    template.hasResourceProperties('AWS::Amplify::Branch', { BranchName: 'main', Stage: 'PRODUCTION' });
  });

  test('it is not there', () => {
    full.resourceCountIs('AWS::Amplify::App', 0);
  });
});

import type { Json } from '../bridge/literals';
import type { Resource } from './template';

type Replacement = (logicalId: string, resource: Resource) => Json | undefined;

/** Attributes, and what `Ref` gives, that the emulator gives not at all or wrongly of its native types; what stands for them. */
const MISSING: Readonly<Record<string, Replacement>> = {
  'AWS::EC2::VPC.CidrBlock': (_, resource) => resource.Properties?.['CidrBlock'],
  'AWS::EC2::Subnet.CidrBlock': (_, resource) => resource.Properties?.['CidrBlock'],
  'AWS::EC2::Subnet.VpcId': (_, resource) => resource.Properties?.['VpcId'],
  'AWS::Cognito::UserPool.ProviderName': (id) => ({
    'Fn::Sub': `cognito-idp.\${AWS::Region}.amazonaws.com/\${${id}}`,
  }),
  'AWS::Cognito::UserPool.ProviderURL': (id) => ({
    'Fn::Sub': `https://cognito-idp.\${AWS::Region}.amazonaws.com/\${${id}}`,
  }),
  // The emulator gives it without `targetgroup/`, so that no alarm would find the group's metrics.
  'AWS::ElasticLoadBalancingV2::TargetGroup.TargetGroupFullName': (id) => ({
    'Fn::Select': [5, { 'Fn::Split': [':', { Ref: id }] }],
  }),
  // The emulator gives the name, which no policy and no ARN of the function's variables would match.
  'AWS::SecretsManager::Secret.Ref': (id) => ({ 'Fn::GetAtt': [id, 'Id'] }),
  'AWS::SES::EmailIdentity.DkimDNSTokenName1': dkimName(1),
  'AWS::SES::EmailIdentity.DkimDNSTokenName2': dkimName(2),
  'AWS::SES::EmailIdentity.DkimDNSTokenName3': dkimName(3),
  'AWS::SES::EmailIdentity.DkimDNSTokenValue1': () => 'token1.dkim.amazonses.com',
  'AWS::SES::EmailIdentity.DkimDNSTokenValue2': () => 'token2.dkim.amazonses.com',
  'AWS::SES::EmailIdentity.DkimDNSTokenValue3': () => 'token3.dkim.amazonses.com',
};

/** What to put in the place of an attribute that the emulator does not give; undefined when it gives it. */
export function missingAttribute(logicalId: string, attribute: string, resource: Resource): Json | undefined {
  return MISSING[`${resource.Type}.${attribute}`]?.(logicalId, resource);
}

function dkimName(index: number): Replacement {
  return (id) => ({ 'Fn::Sub': `token${index}._domainkey.\${${id}}` });
}

import { Aws } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Environment } from '../config/schema';

/** Whoever belongs to the environment's account; an endpoint accepts no narrower principal than a condition. */
function ownAccount(environment: Environment): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'OwnAccountOnly',
    principals: [new iam.AnyPrincipal()],
    actions: ['*'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:PrincipalAccount': environment.account } },
  });
}

/**
 * What every interface and the DynamoDB endpoint allow: the environment's own account, so that a stolen foreign
 * credential cannot carry data out through them. What a caller may do is its own policy's matter.
 */
export function endpointPolicy(environment: Environment): iam.PolicyDocument {
  return new iam.PolicyDocument({ statements: [ownAccount(environment)] });
}

/**
 * The same for S3, and two buckets of AWS's own, which answer to URLs signed by AWS: the layers of ECR images
 * (Amazon ECR user guide, "VPC endpoints") and the answers of custom resources to CloudFormation (CloudFormation
 * user guide, "VPC endpoints").
 */
export function s3EndpointPolicy(environment: Environment, vpc: ec2.IVpc): iam.PolicyDocument {
  const conditions = { StringEquals: { 'aws:SourceVpc': vpc.vpcId } };
  return new iam.PolicyDocument({
    statements: [
      ownAccount(environment),
      new iam.PolicyStatement({
        sid: 'ImageLayers',
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:GetObject'],
        resources: [`arn:${Aws.PARTITION}:s3:::prod-${environment.region}-starport-layer-bucket/*`],
        conditions,
      }),
      new iam.PolicyStatement({
        sid: 'CustomResourceAnswers',
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [
          `arn:${Aws.PARTITION}:s3:::cloudformation-custom-resource-response-${environment.region.replaceAll('-', '')}/*`,
        ],
        conditions,
      }),
    ],
  });
}

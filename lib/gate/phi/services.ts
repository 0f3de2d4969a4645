import type { Estate } from '../estate/estate';
import { principalsOf } from '../estate/iam/principals';

/** Day of the list that the platform's services are compared with. */
export const LIST_DATED = '2022-04-18';

/** Where the list comes from, and what has to be done with it. */
export const LIST_SOURCE =
  'AWS HIPAA Eligible Services Reference, as the healthcare configuration of awslabs/landing-zone-accelerator-on-aws gives it for that day. It is old: AWS has changed its list many times since, and what left it still passes here. Compare with https://aws.amazon.com/compliance/hipaa-eligible-services-reference/ before relying on it; docs/compliance/renew-the-service-list.md says how to renew it.';

/** How a service stands to the list. */
export type Standing = 'eligible' | 'holds no health data' | 'not listed';

interface Service {
  readonly name: string;
  readonly standing: Standing;
  /** Namespaces of its CloudFormation types, or single types. */
  readonly types: readonly string[];
  /** Prefixes of its actions, for services that are called and have no resource. */
  readonly actions?: readonly string[];
}

const eligible = (name: string, types: readonly string[], actions?: readonly string[]): Service => ({
  name,
  standing: 'eligible',
  types: types.map((type) => `AWS::${type}`),
  ...(actions && { actions }),
});
/** Not on the list, and no place for health data: AWS binds customers only for services that handle it. */
const without = (name: string, types: readonly string[]): Service => ({
  name,
  standing: 'holds no health data',
  types,
});

const SERVICES: readonly Service[] = [
  eligible('Amazon API Gateway', ['ApiGateway', 'ApiGatewayV2']),
  eligible('AWS AppSync', ['AppSync']),
  eligible('Amazon Athena', ['Athena']),
  eligible('Amazon Aurora and Amazon RDS', ['RDS']),
  eligible('AWS Backup', ['Backup']),
  eligible('AWS Batch', ['Batch']),
  eligible('AWS Certificate Manager', ['CertificateManager']),
  eligible('Amazon Chime', ['Chime'], ['chime']),
  eligible('AWS CloudFormation', ['CloudFormation']),
  eligible('Amazon CloudFront', ['CloudFront']),
  eligible('AWS CloudTrail', ['CloudTrail']),
  eligible('Amazon CloudWatch', ['CloudWatch']),
  eligible('Amazon CloudWatch Logs', ['Logs']),
  eligible('AWS CodeBuild', ['CodeBuild']),
  eligible('AWS CodeDeploy', ['CodeDeploy']),
  eligible('AWS CodePipeline', ['CodePipeline']),
  eligible('Amazon Cognito', ['Cognito']),
  eligible('Amazon Comprehend Medical', [], ['comprehendmedical']),
  eligible('AWS Config', ['Config']),
  eligible('Amazon Connect', ['Connect'], ['connect']),
  eligible('Amazon DocumentDB', ['DocDB']),
  eligible('Amazon DynamoDB', ['DynamoDB']),
  eligible('Amazon EC2 and Amazon VPC', ['EC2']),
  eligible('Amazon EC2 Auto Scaling', ['AutoScaling']),
  eligible('Amazon ECR', ['ECR']),
  eligible('Amazon ECS, with Fargate', ['ECS']),
  eligible('Amazon EFS', ['EFS']),
  eligible('Amazon EKS', ['EKS']),
  eligible('Amazon ElastiCache for Redis', ['ElastiCache']),
  eligible('Elastic Load Balancing', ['ElasticLoadBalancing', 'ElasticLoadBalancingV2']),
  eligible('Amazon EventBridge', ['Events']),
  eligible('AWS Firewall Manager', ['FMS']),
  eligible('Amazon FSx', ['FSx']),
  eligible('AWS Glue', ['Glue']),
  eligible('Amazon GuardDuty', ['GuardDuty']),
  eligible('Amazon HealthLake', ['HealthLake']),
  eligible('Amazon Inspector', ['Inspector', 'InspectorV2']),
  eligible('AWS Key Management Service', ['KMS']),
  eligible('Amazon Kinesis', ['Kinesis', 'KinesisFirehose', 'KinesisVideo']),
  eligible('AWS Lambda', ['Lambda']),
  eligible('Amazon Lex', ['Lex'], ['lex']),
  eligible('Amazon Macie', ['Macie']),
  eligible('Amazon MQ', ['AmazonMQ']),
  eligible('Amazon MSK', ['MSK']),
  eligible('Amazon Neptune', ['Neptune']),
  eligible('AWS Network Firewall', ['NetworkFirewall']),
  eligible('Amazon OpenSearch Service', ['OpenSearchService', 'Elasticsearch']),
  eligible('Amazon Pinpoint', ['Pinpoint'], ['mobiletargeting']),
  eligible('Amazon QuickSight', ['QuickSight']),
  eligible('Amazon Redshift', ['Redshift']),
  eligible('Amazon Route 53', ['Route53', 'Route53Resolver']),
  eligible('Amazon S3', ['S3']),
  eligible('Amazon SageMaker', ['SageMaker']),
  eligible('AWS Secrets Manager', ['SecretsManager']),
  eligible('AWS Security Hub', ['SecurityHub']),
  eligible('AWS Service Catalog', ['ServiceCatalog']),
  eligible('AWS Shield', ['Shield']),
  eligible('Amazon SES', ['SES'], ['ses']),
  eligible('Amazon SNS', ['SNS']),
  eligible('Amazon SQS', ['SQS']),
  eligible('AWS Step Functions', ['StepFunctions']),
  eligible('AWS Systems Manager', ['SSM']),
  eligible('Amazon Textract', [], ['textract']),
  eligible('Amazon Timestream', ['Timestream']),
  eligible('Amazon Transcribe', [], ['transcribe']),
  eligible('AWS Transfer Family', ['Transfer']),
  eligible('Amazon Translate', [], ['translate']),
  eligible('AWS WAF', ['WAFv2', 'WAF', 'WAFRegional']),
  eligible('AWS X-Ray', ['XRay']),
  without('AWS IAM', ['AWS::IAM']),
  without('Application Auto Scaling', ['AWS::ApplicationAutoScaling']),
  without('AWS CodeStar Connections', ['AWS::CodeStarConnections', 'AWS::CodeConnections']),
  without('AWS CDK metadata', ['AWS::CDK']),
];

const byNamespace = new Map(
  SERVICES.flatMap((service) => service.types.map((type) => [type, service] as const)),
);

const byPrefix = new Map<string, readonly Service[]>();
for (const service of SERVICES)
  for (const prefix of service.actions ?? [])
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), service]);

/** The service of a type, and how it stands; a custom resource is what answers it, a Lambda function. */
export function serviceOf(type: string): { readonly name: string; readonly standing: Standing } {
  if (type.startsWith('Custom::')) return { name: 'AWS Lambda', standing: 'eligible' };
  const [vendor = '', service = ''] = type.split('::');
  return (
    byNamespace.get(type) ??
    byNamespace.get(`${vendor}::${service}`) ?? { name: `${vendor}::${service}`, standing: 'not listed' }
  );
}

/** A service that the environments use, and what tells so. */
export interface UsedService {
  /** Its name on the list. */
  readonly service: string;
  /** How it stands to the list. */
  readonly standing: Standing;
  /** Types of its resources, and actions that policies allow on it. */
  readonly types: readonly string[];
}

/** Every service that some environments use, by its resources or by what policies let callers do. */
export function servicesUsed(estates: readonly Estate[]): UsedService[] {
  const used = new Map<string, { standing: Standing; types: Set<string> }>();
  const note = (name: string, standing: Standing, by: string): void => {
    const known = used.get(name) ?? { standing, types: new Set<string>() };
    known.types.add(by);
    used.set(name, known);
  };
  for (const estate of estates) {
    for (const { type } of estate.entities) {
      const { name, standing } = serviceOf(type);
      note(name, standing, type);
    }
    for (const { statements } of principalsOf(estate))
      for (const { effect, actions, exceptActions } of statements)
        for (const action of effect === 'Allow' && !exceptActions ? actions : [])
          for (const { name, standing } of calledBy(action)) note(name, standing, `action ${action}`);
  }
  return [...used]
    .map(([service, { standing, types }]) => ({ service, standing, types: [...types].sort() }))
    .sort((a, b) => (a.service < b.service ? -1 : 1));
}

/** The services without resources that an action is of. */
function calledBy(action: string): readonly Service[] {
  return byPrefix.get(action.split(':')[0]?.toLowerCase() ?? '') ?? [];
}

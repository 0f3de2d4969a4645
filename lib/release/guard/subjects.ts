import type { Resources, TemplateResource } from './model';
import { choices, listOf, referent, show } from './values';

/** Types that say who may use something else, with the property that names it. */
const USE_OF: Readonly<Record<string, string>> = {
  'AWS::EC2::VPCEndpointServicePermissions': 'ServiceId',
  'AWS::Events::EventBusPolicy': 'EventBusName',
  'AWS::Kinesis::ResourcePolicy': 'ResourceArn',
  'AWS::Lambda::LayerVersionPermission': 'LayerVersionArn',
  'AWS::Lambda::Permission': 'FunctionName',
  'AWS::RAM::ResourceShare': 'ResourceArns',
  'AWS::S3::BucketPolicy': 'Bucket',
  'AWS::SNS::TopicInlinePolicy': 'TopicArn',
  'AWS::SNS::TopicPolicy': 'Topics',
  'AWS::SQS::QueueInlinePolicy': 'Queue',
  'AWS::SQS::QueuePolicy': 'Queues',
  'AWS::SecretsManager::ResourcePolicy': 'SecretId',
};

/** Types that others name by a reference to them, whatever attribute it takes. */
const NAMED: ReadonlySet<string> = new Set([
  'AWS::EC2::VPCEndpointService',
  'AWS::Events::EventBus',
  'AWS::IAM::Group',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::Role',
  'AWS::IAM::User',
  'AWS::Kinesis::Stream',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Function',
  'AWS::Lambda::LayerVersion',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
]);

/** What a policy lets others use that is a resource of its own; a version of a function stands for the function. */
export function subjectsOf(
  { Type, Properties = {} }: TemplateResource,
  resources: Resources,
): readonly unknown[] {
  const property = USE_OF[Type];
  if (property === undefined) return [];
  return listOf(Properties[property])
    .flatMap(choices)
    .map((one) => {
      const { Type: type, Properties: of } = resources[referent(one) ?? ''] ?? {};
      return type === 'AWS::Lambda::Version' ? of?.FunctionName : one;
    });
}

/** Whether a resource is what its references name: one of a custom resource may name anything. */
export function isNamed(resource: TemplateResource | undefined): boolean {
  return NAMED.has(resource?.Type ?? '');
}

/** The same text for the same principal or resource, whichever of its attributes names it. */
export function identityOf(value: unknown, resources: Resources): string {
  const id = referent(value);
  return id !== undefined && isNamed(resources[id]) ? `\${${id}}` : show(value);
}

import type { TemplateResource } from './model';
import type { Statement } from './policies';

/** Kinds of endpoints that take no policy. */
const WITHOUT: readonly unknown[] = ['GatewayLoadBalancer', 'Resource', 'ServiceNetwork'];
const FULL_ACCESS: Statement = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };

/** What AWS lets through an endpoint that comes without a policy: everything. Source: AWS PrivateLink, "Endpoint policies". */
export function defaultOf({ Type, Properties = {} }: TemplateResource): readonly Statement[] {
  if (Type !== 'AWS::EC2::VPCEndpoint' || Properties.PolicyDocument !== undefined) return [];
  return WITHOUT.includes(Properties.VpcEndpointType) ? [] : [FULL_ACCESS];
}

import type { Estate } from '../estate/estate';
import { outsiders } from '../estate/iam/access';
import { nameOf } from '../estate/names';
import { mayMean } from '../estate/iam/match';
import { at, isTrue, list } from '../template-rules/values';
import type { Store } from './stores';
import { textOr } from '../estate/text';

/** Whether a bucket refuses to be public, whatever its policy says. */
function refusesThePublic({ entity }: Store): boolean {
  const block = entity.properties['PublicAccessBlockConfiguration'];
  return isTrue(at(block, 'BlockPublicPolicy')) && isTrue(at(block, 'RestrictPublicBuckets'));
}

/** How the store's own policy or list of rights lets everybody in. */
function byPolicy(store: Store): string | undefined {
  const { kind, policy, entity } = store;
  if (entity.type === 'AWS::S3::Bucket') {
    const acl = entity.properties['AccessControl'];
    const ignores = isTrue(at(entity.properties['PublicAccessBlockConfiguration'], 'IgnorePublicAcls'));
    if (typeof acl === 'string' && acl.startsWith('Public') && !ignores) return `its ACL ${acl}`;
    if (refusesThePublic(store)) return undefined;
  }
  for (const { needs } of kind?.ways ?? [])
    for (const { actions, on, policy: speaks } of needs)
      for (const action of speaks === true ? actions : [])
        if (
          outsiders(policy, { action, resource: on(entity) }).some(
            ({ name, condition }) => name === '*' && condition === '',
          )
        )
          return `its policy, which allows ${action} to everybody`;
  return undefined;
}

/** The distribution that publishes a bucket. */
function byDistribution(estate: Estate, { entity }: Store): string | undefined {
  if (entity.type !== 'AWS::S3::Bucket') return undefined;
  const distribution = estate
    .ofType('AWS::CloudFront::Distribution')
    .find(({ properties }) =>
      list(at(properties['DistributionConfig'], 'Origins')).some((origin) =>
        [entity.token.slice(0, -1), `${nameOf(entity)}.s3`].some((start) =>
          String(at(origin, 'DomainName')).startsWith(start),
        ),
      ),
    );
  return distribution && `CloudFront (${distribution.path})`;
}

/** The route of an API that leads to the store without a sign-in and without a program. */
function byApi(estate: Estate, { entity }: Store): string | undefined {
  const service = entity.type.split('::')[1]?.toLowerCase() ?? '';
  const rest = estate
    .ofType('AWS::ApiGateway::Method')
    .filter(({ properties }) => (properties['AuthorizationType'] ?? 'NONE') === 'NONE')
    .find(({ properties }) => {
      const integration = properties['Integration'];
      return (
        at(integration, 'Type') === 'AWS' &&
        mayMean(`arn:aws:apigateway:*:${service}:*`, String(at(integration, 'Uri')))
      );
    });
  const http = estate
    .ofType('AWS::ApiGatewayV2::Integration')
    .find(({ properties }) =>
      textOr(properties['IntegrationSubtype'], '').toLowerCase().startsWith(`${service}-`),
    );
  const open =
    http &&
    estate
      .ofType('AWS::ApiGatewayV2::Route')
      .some(
        ({ properties }) =>
          (properties['AuthorizationType'] ?? 'NONE') === 'NONE' &&
          estate.meant(String(properties['Target']).replace(/^integrations\//, '')) === http,
      );
  const found = rest ?? (open === true ? http : undefined);
  return found && `API Gateway (${found.path}), without a sign-in`;
}

/** How the internet comes to a store that is called by its service's API; undefined where it does not. */
export function openingOf(estate: Estate, store: Store): string | undefined {
  return byPolicy(store) ?? byDistribution(estate, store) ?? byApi(estate, store);
}

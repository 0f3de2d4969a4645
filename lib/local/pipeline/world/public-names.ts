import { z } from 'zod';
import type { Template } from '../../localise/template';

const recordSchema = z.looseObject({
  Name: z.string(),
  Type: z.enum(['A', 'AAAA']),
  AliasTarget: z.json(),
});

/** Names of a template's records that are aliases of its load balancers. */
export function publicNames({ Resources }: Template): string[] {
  const balancers = Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::ElasticLoadBalancingV2::LoadBalancer')
    .map(([id]) => JSON.stringify({ 'Fn::GetAtt': [id, 'DNSName'] }));
  const names = Object.values(Resources).flatMap(({ Type, Properties }) => {
    const record = recordSchema.safeParse(Properties);
    if (Type !== 'AWS::Route53::RecordSet' || !record.success) return [];
    const target = JSON.stringify(record.data.AliasTarget);
    return balancers.some((balancer) => target.includes(balancer))
      ? [record.data.Name.replace(/\.$/, '')]
      : [];
  });
  return [...new Set(names)];
}

import type { EnvironmentInput } from '../schema';

/** Deployed from laptops; small and destroyable, with the same controls as production. */
export const dev: EnvironmentInput = {
  name: 'dev',
  tier: 'development',
  account: '111111111111',
  region: 'us-east-1',
  availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  owner: 'platform-engineering',
  costCenter: 'CC-100',
  network: { cidr: '10.10.0.0/16' },
  certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-4000-8000-000000000001',
  release: { strategy: 'all-at-once' },
  removal: 'destroy',
};

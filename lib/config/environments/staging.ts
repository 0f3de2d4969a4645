import type { EnvironmentInput } from '../schema';

/** Deployed by the pipeline before production, and shaped like it. */
export const staging: EnvironmentInput = {
  name: 'staging',
  tier: 'staging',
  account: '222222222222',
  region: 'us-east-1',
  availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  owner: 'platform-engineering',
  costCenter: 'CC-100',
  network: { cidr: '10.20.0.0/16' },
  database: { minCapacity: 0.5, maxCapacity: 4, readers: 1, backupRetentionDays: 14 },
  api: { cpu: 512, memoryMiB: 1024, minTasks: 2, maxTasks: 4 },
  certificateArn: 'arn:aws:acm:us-east-1:222222222222:certificate/00000000-0000-4000-8000-000000000002',
  release: { strategy: 'canary', percentage: 10, intervalMinutes: 5 },
  bakeMinutes: 10,
  recording: { enabled: true },
};

import type { EnvironmentInput } from '../schema';

/** Deployed by the pipeline after an approval; what patients use. */
export const prod: EnvironmentInput = {
  name: 'prod',
  tier: 'production',
  account: '333333333333',
  region: 'us-east-1',
  availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  owner: 'platform-engineering',
  costCenter: 'CC-200',
  network: { cidr: '10.30.0.0/16', natGateways: 3 },
  database: { minCapacity: 2, maxCapacity: 16, readers: 1, backupRetentionDays: 35 },
  api: { cpu: 1024, memoryMiB: 2048, minTasks: 3, maxTasks: 12 },
  domain: { name: 'care.example.org', hostedZoneId: 'Z0123456789EXAMPLE00' },
  release: { strategy: 'linear', percentage: 10, intervalMinutes: 1 },
  bakeMinutes: 30,
  alarmEmails: ['on-call@example.org'],
  approval: true,
  recording: { enabled: true, lockMode: 'COMPLIANCE' },
  backup: { retentionDays: 35, copyRegion: 'us-west-2', restoreTesting: true },
};

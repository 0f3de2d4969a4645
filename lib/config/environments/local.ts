import type { EnvironmentInput } from '../schema';

/** One machine: the emulator's default account, the same constructs, no person's data. */
export const local: EnvironmentInput = {
  name: 'local',
  tier: 'local',
  account: '000000000000',
  region: 'us-east-1',
  availabilityZones: ['us-east-1a', 'us-east-1b'],
  owner: 'platform-engineering',
  costCenter: 'CC-100',
  network: { cidr: '10.0.0.0/16' },
  certificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-4000-8000-000000000000',
  release: { strategy: 'all-at-once' },
  removal: 'destroy',
  recording: { enabled: true },
  signUp: { domains: [{ emailDomain: 'clinic.example', organisation: 'demo-clinic', role: 'SUPPORT' }] },
};

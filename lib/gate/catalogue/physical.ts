import { type Entry, section } from './entry';

const IN_BACKUP = [
  'DynamoDBInBackupPlan',
  'DynamoDBPITREnabled',
  'RDSInBackupPlan',
  'RDSInstanceBackupEnabled',
  'S3BucketVersioningEnabled',
];

const PEOPLE = { responsibility: 'administrative', owner: 'facilities', manual: true } as const;

/** 45 CFR 164.310, physical safeguards: data centres are AWS's, workstations are the company's. */
export const physical: readonly Entry[] = section(
  { responsibility: 'inherited', owner: 'security-officer', cadence: 'every year', manual: false },
  [
    {
      standard: {
        citation: '164.310(a)(1)',
        title: 'Facility access controls',
        evidence: 'AWS answers for its data centres; its SOC 2 report is in AWS Artifact.',
      },
      addressable: [
        {
          citation: '164.310(a)(2)(i)',
          title: 'Contingency operations',
          evidence: 'AWS answers for access to its data centres in an emergency; SOC 2 report.',
        },
        {
          citation: '164.310(a)(2)(ii)',
          title: 'Facility security plan',
          evidence: 'AWS answers for the security of its data centres; SOC 2 report.',
        },
        {
          citation: '164.310(a)(2)(iii)',
          title: 'Access control and validation procedures',
          evidence: 'AWS answers for who enters its data centres; SOC 2 report.',
        },
        {
          citation: '164.310(a)(2)(iv)',
          title: 'Maintenance records',
          evidence: 'AWS answers for repairs of its data centres; SOC 2 report.',
        },
      ],
    },
    {
      standard: {
        ...PEOPLE,
        citation: '164.310(b)',
        title: 'Workstation use',
        evidence: 'Nothing automatic: the policy for workstations, signed by who uses them.',
      },
    },
    {
      standard: {
        ...PEOPLE,
        citation: '164.310(c)',
        title: 'Workstation security',
        evidence: 'Nothing automatic: the record of managed, encrypted and locked workstations.',
      },
    },
    {
      standard: {
        citation: '164.310(d)(1)',
        title: 'Device and media controls',
        responsibility: 'administrative',
        evidence: 'Its four specifications.',
      },
      required: [
        {
          citation: '164.310(d)(2)(i)',
          title: 'Disposal',
          evidence:
            'AWS destroys its media by NIST SP 800-88; every store of ours is under a key that can be deleted.',
        },
        {
          citation: '164.310(d)(2)(ii)',
          title: 'Media re-use',
          evidence: 'AWS wipes its media before they are used again; SOC 2 report.',
        },
      ],
      addressable: [
        {
          citation: '164.310(d)(2)(iii)',
          title: 'Accountability',
          ...PEOPLE,
          evidence: 'Every resource carries its owner; the movement of devices is recorded by hand.',
        },
        {
          citation: '164.310(d)(2)(iv)',
          title: 'Data backup and storage',
          responsibility: 'automated',
          owner: 'platform-engineering',
          cadence: 'every release',
          evidence: 'Rules over backup plans, recovery to a point in time and versions.',
          alsoServedBy: IN_BACKUP,
        },
      ],
    },
  ],
);

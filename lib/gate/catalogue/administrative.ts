import { type Entry, section } from './entry';

const LOGS_OF_ACCESS = [
  'CloudTrailCloudWatchLogsEnabled',
  'CloudWatchAlarmAction',
  'ELBLoggingEnabled',
  'RDSLoggingEnabled',
  'S3BucketLoggingEnabled',
  'VPCFlowLogsEnabled',
  'WAFv2LoggingEnabled',
];

/** 45 CFR 164.308, administrative safeguards. */
export const administrative: readonly Entry[] = section(
  { responsibility: 'administrative', owner: 'security-officer', cadence: 'every year', manual: true },
  [
    {
      standard: {
        citation: '164.308(a)(1)(i)',
        title: 'Security management process',
        evidence: 'Its four specifications.',
      },
      required: [
        {
          citation: '164.308(a)(1)(ii)(A)',
          title: 'Risk analysis',
          cadence: 'every year and at each material change',
          evidence:
            'The map of health data and this ledger are what an analysis starts from; the analysis itself is written by people.',
        },
        {
          citation: '164.308(a)(1)(ii)(B)',
          title: 'Risk management',
          cadence: 'every quarter',
          evidence:
            'The register of exceptions, each with an owner, an approver and a last day; the plan itself is written by people.',
        },
        {
          citation: '164.308(a)(1)(ii)(C)',
          title: 'Sanction policy',
          owner: 'people-operations',
          evidence: 'Nothing automatic: a policy and the record of its use.',
        },
        {
          citation: '164.308(a)(1)(ii)(D)',
          title: 'Information system activity review',
          cadence: 'every month',
          evidence:
            'Logs are kept and alarms are raised by rule; that people review them is recorded by hand.',
          alsoServedBy: LOGS_OF_ACCESS,
        },
      ],
    },
    {
      standard: {
        citation: '164.308(a)(2)',
        title: 'Assigned security responsibility',
        evidence:
          'Every resource carries its owner and every exception names one; the official is named by the company.',
      },
    },
    {
      standard: {
        citation: '164.308(a)(3)(i)',
        title: 'Workforce security',
        evidence: 'Rules over policies, networks and public access; its specifications for the workforce.',
      },
      addressable: [
        {
          citation: '164.308(a)(3)(ii)(A)',
          title: 'Authorization and/or supervision',
          cadence: 'every quarter',
          evidence:
            'Rules over who may do what, and over logs of what was done; supervision is recorded by hand.',
        },
        {
          citation: '164.308(a)(3)(ii)(B)',
          title: 'Workforce clearance procedure',
          owner: 'people-operations',
          evidence: 'Rules that no access is wider than its task; clearance is recorded by hand.',
        },
        {
          citation: '164.308(a)(3)(ii)(C)',
          title: 'Termination procedures',
          owner: 'people-operations',
          cadence: 'every quarter',
          evidence:
            'A rule that sign-ins can be revoked at once; that access ended with employment is recorded by hand.',
        },
      ],
    },
    {
      standard: {
        citation: '164.308(a)(4)(i)',
        title: 'Information access management',
        evidence: 'Rules over policies; its specifications.',
      },
      required: [
        {
          citation: '164.308(a)(4)(ii)(A)',
          title: 'Isolating health care clearinghouse functions',
          evidence:
            'Rules that isolate every store and function; that the company is no clearinghouse is stated by hand.',
        },
      ],
      addressable: [
        {
          citation: '164.308(a)(4)(ii)(B)',
          title: 'Access authorization',
          cadence: 'every quarter',
          evidence:
            'Rules over policies and row-level security, by test; the grants to people are reviewed by hand.',
        },
        {
          citation: '164.308(a)(4)(ii)(C)',
          title: 'Access establishment and modification',
          cadence: 'every quarter',
          evidence:
            'Access is code, and what a release broadens stands in its report; the review of people is recorded by hand.',
        },
      ],
    },
    {
      standard: {
        citation: '164.308(a)(5)(i)',
        title: 'Security awareness and training',
        evidence: 'Its four specifications.',
      },
      addressable: [
        {
          citation: '164.308(a)(5)(ii)(A)',
          title: 'Security reminders',
          owner: 'people-operations',
          cadence: 'every quarter',
          evidence: 'Rules that patches are taken by themselves; reminders to people are recorded by hand.',
        },
        {
          citation: '164.308(a)(5)(ii)(B)',
          title: 'Protection from malicious software',
          evidence:
            'Images are scanned when they are pushed; the protection of workstations is recorded by hand.',
        },
        {
          citation: '164.308(a)(5)(ii)(C)',
          title: 'Log-in monitoring',
          responsibility: 'automated',
          owner: 'platform-engineering',
          cadence: 'every release',
          manual: false,
          evidence:
            'Threat protection at sign-in, connections in the log of the database, an alarm on failures.',
        },
        {
          citation: '164.308(a)(5)(ii)(D)',
          title: 'Password management',
          evidence:
            'The policy of the user pool and the block of leaked passwords, by test; training is recorded by hand.',
          alsoServedBy: ['TemplateCognitoMfa', 'SecretsManagerRotationEnabled'],
        },
      ],
    },
    {
      standard: {
        citation: '164.308(a)(6)(i)',
        title: 'Security incident procedures',
        evidence: 'Its specification.',
      },
      required: [
        {
          citation: '164.308(a)(6)(ii)',
          title: 'Response and reporting',
          cadence: 'every year and after each incident',
          evidence:
            'Alarms reach people and name a runbook that exists; incidents and exercises are recorded by hand.',
          alsoServedBy: ['CloudWatchAlarmAction'],
        },
      ],
    },
    {
      standard: {
        citation: '164.308(a)(7)(i)',
        title: 'Contingency plan',
        evidence: 'Rules over backups, zones and deletion; its specifications.',
      },
      required: [
        {
          citation: '164.308(a)(7)(ii)(A)',
          title: 'Data backup plan',
          responsibility: 'automated',
          owner: 'platform-engineering',
          cadence: 'every release',
          manual: false,
          evidence: 'Rules that each store is in a backup plan or recoverable to a point in time.',
        },
        {
          citation: '164.308(a)(7)(ii)(B)',
          title: 'Disaster recovery plan',
          owner: 'platform-engineering',
          evidence: 'Rules over recovery points; the plan and its approval are recorded by hand.',
        },
        {
          citation: '164.308(a)(7)(ii)(C)',
          title: 'Emergency mode operation plan',
          owner: 'clinical-operations',
          evidence:
            'Rules over zones and capacity; how care goes on without the platform is written by hand.',
        },
      ],
      addressable: [
        {
          citation: '164.308(a)(7)(ii)(D)',
          title: 'Testing and revision procedures',
          owner: 'platform-engineering',
          cadence: 'every quarter',
          evidence: 'A restore test each month where it is configured, by test; drills are recorded by hand.',
        },
        {
          citation: '164.308(a)(7)(ii)(E)',
          title: 'Applications and data criticality analysis',
          owner: 'clinical-operations',
          evidence: 'Each resource says which class of data it holds; the ranking is written by hand.',
          alsoServedBy: ['TemplateTags'],
        },
      ],
    },
    {
      standard: {
        citation: '164.308(a)(8)',
        title: 'Evaluation',
        cadence: 'every year and at each material change',
        evidence:
          'This report at every release, with what changed; the evaluation by people is recorded by hand.',
      },
    },
    {
      standard: {
        citation: '164.308(b)(1)',
        title: 'Business associate contracts and other arrangements',
        owner: 'legal',
        evidence:
          'The services used, against the dated list of eligible ones; contracts are recorded by hand.',
      },
      required: [
        {
          citation: '164.308(b)(2)',
          title: 'Subcontractors of a business associate',
          owner: 'legal',
          evidence: 'Nothing automatic: the contracts of associates with their subcontractors.',
        },
        {
          citation: '164.308(b)(3)',
          title: 'Written contract or other arrangement',
          owner: 'legal',
          evidence: 'Nothing automatic: the signed contracts.',
        },
      ],
    },
  ],
);

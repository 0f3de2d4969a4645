import { type Entry, section } from './entry';

/** 45 CFR 164.316, policies, procedures and documentation. */
export const documentation: readonly Entry[] = section(
  { responsibility: 'administrative', owner: 'security-officer', cadence: 'every year', manual: true },
  [
    {
      standard: {
        citation: '164.316(a)',
        title: 'Policies and procedures',
        evidence: 'Nothing automatic: the approved texts.',
      },
    },
    {
      standard: {
        citation: '164.316(b)(1)',
        title: 'Documentation',
        evidence: 'This report is written at every release; its specifications.',
      },
      required: [
        {
          citation: '164.316(b)(2)(i)',
          title: 'Time limit',
          responsibility: 'automated',
          owner: 'platform-engineering',
          cadence: 'every release',
          manual: false,
          evidence:
            'Rules that every log has a retention; six years and more of audit records and flow logs, by test.',
          alsoServedBy: ['CloudWatchLogGroupRetentionPeriod'],
        },
        {
          citation: '164.316(b)(2)(ii)',
          title: 'Availability',
          evidence:
            'Runbooks stand in the repository; that those who need the policies have them is recorded by hand.',
        },
        {
          citation: '164.316(b)(2)(iii)',
          title: 'Updates',
          evidence:
            'The catalogue and the exceptions are versioned; the review of the policies is recorded by hand.',
        },
      ],
    },
  ],
);

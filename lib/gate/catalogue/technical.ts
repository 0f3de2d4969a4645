import { type Entry, section } from './entry';

/** 45 CFR 164.312, technical safeguards. */
export const technical: readonly Entry[] = section(
  { responsibility: 'automated', owner: 'platform-engineering', cadence: 'every release', manual: false },
  [
    {
      standard: {
        citation: '164.312(a)(1)',
        title: 'Access control',
        evidence: 'Rules over policies, networks and public access; row-level security by test.',
      },
      required: [
        {
          citation: '164.312(a)(2)(i)',
          title: 'Unique user identification',
          evidence:
            'One person, one entry of the user pool, with a second factor; the API takes no other identity.',
          alsoServedBy: ['IAMUserNoPolicies', 'IAMUserGroupMembership'],
        },
        {
          citation: '164.312(a)(2)(ii)',
          title: 'Emergency access procedure',
          responsibility: 'administrative',
          owner: 'security-officer',
          cadence: 'every year',
          manual: true,
          evidence: 'Nothing automatic: the written procedure and the record of its exercise.',
        },
      ],
      addressable: [
        {
          citation: '164.312(a)(2)(iii)',
          title: 'Automatic logoff',
          evidence: 'Tokens live for fifteen minutes and can be revoked, by test.',
        },
        {
          citation: '164.312(a)(2)(iv)',
          title: 'Encryption and decryption',
          evidence:
            'Rules that every store, queue, topic and log is under a customer managed key that rotates.',
        },
      ],
    },
    {
      standard: {
        citation: '164.312(b)',
        title: 'Audit controls',
        evidence: 'Rules over every log, and an audit table that can be added to and not changed, by test.',
      },
    },
    {
      standard: {
        citation: '164.312(c)(1)',
        title: 'Integrity',
        evidence: 'Rules over versions, retention and file systems that cannot be written.',
      },
      addressable: [
        {
          citation: '164.312(c)(2)',
          title: 'Mechanism to authenticate electronic protected health information',
          evidence: 'Rules over versions; signatures of records form a chain without a gap, by test.',
        },
      ],
    },
    {
      standard: {
        citation: '164.312(d)',
        title: 'Person or entity authentication',
        evidence:
          'A second factor for every person, no secret in plain variables, tokens verified by the API.',
      },
    },
    {
      standard: {
        citation: '164.312(e)(1)',
        title: 'Transmission security',
        evidence: 'Rules over listeners, buckets, subnets and security groups.',
      },
      addressable: [
        {
          citation: '164.312(e)(2)(i)',
          title: 'Integrity controls',
          evidence: 'TLS for every listener, bucket and database connection.',
        },
        {
          citation: '164.312(e)(2)(ii)',
          title: 'Encryption',
          evidence: 'TLS for every listener, bucket and database connection, and keys behind it.',
        },
      ],
    },
  ],
);

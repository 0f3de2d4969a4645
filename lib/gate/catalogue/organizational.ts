import { type Entry, section } from './entry';

const OUT_OF_SCOPE =
  'It binds the documents of group health plans; the company is a provider of care and sponsors its plan apart from this platform.';

/** 45 CFR 164.314, organizational requirements. */
export const organizational: readonly Entry[] = section(
  { responsibility: 'administrative', owner: 'legal', cadence: 'every year', manual: true },
  [
    {
      standard: {
        citation: '164.314(a)(1)',
        title: 'Business associate contracts or other arrangements',
        evidence: 'Its specifications.',
      },
      required: [
        {
          citation: '164.314(a)(2)(i)(A)',
          title: 'Business associate contracts: the associate complies with the Security Rule',
          evidence: 'Nothing automatic: the clause in each contract.',
        },
        {
          citation: '164.314(a)(2)(i)(B)',
          title: 'Business associate contracts: subcontractors agree to the same',
          evidence: 'Nothing automatic: the clause in each contract.',
        },
        {
          citation: '164.314(a)(2)(i)(C)',
          title: 'Business associate contracts: incidents and breaches are reported',
          evidence: 'Nothing automatic: the clause in each contract.',
        },
        {
          citation: '164.314(a)(2)(ii)',
          title: 'Other arrangements',
          evidence: 'Nothing automatic: the arrangement, where a contract is replaced by one.',
        },
        {
          citation: '164.314(a)(2)(iii)',
          title: 'Business associate contracts with subcontractors',
          evidence: 'Nothing automatic: the contracts of associates with their subcontractors.',
        },
      ],
    },
    {
      standard: {
        citation: '164.314(b)(1)',
        title: 'Requirements for group health plans',
        evidence: 'Nothing automatic.',
        outOfScope: OUT_OF_SCOPE,
      },
      required: [
        {
          citation: '164.314(b)(2)(i)',
          title: 'Plan documents: safeguards of the sponsor',
          evidence: 'Nothing automatic.',
          outOfScope: OUT_OF_SCOPE,
        },
        {
          citation: '164.314(b)(2)(ii)',
          title: 'Plan documents: adequate separation',
          evidence: 'Nothing automatic.',
          outOfScope: OUT_OF_SCOPE,
        },
        {
          citation: '164.314(b)(2)(iii)',
          title: 'Plan documents: agents agree to safeguards',
          evidence: 'Nothing automatic.',
          outOfScope: OUT_OF_SCOPE,
        },
        {
          citation: '164.314(b)(2)(iv)',
          title: 'Plan documents: incidents are reported to the plan',
          evidence: 'Nothing automatic.',
          outOfScope: OUT_OF_SCOPE,
        },
      ],
    },
  ],
);

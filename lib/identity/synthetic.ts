import type { Role } from '../../lambda/shared/roles';

/** Who the person is that releases are tried as: somebody in a practice that sees nobody. */
export const SYNTHETIC = {
  /** The practice, as tokens name it; made by migrations/repeatable/synthetic_practice.sql, and nobody may sign up to it. */
  organisation: 'synthetic-practice',
  /** May list, make and see their own visits, and nothing of anybody else. */
  role: 'DOCTOR',
  /** Addresses end with it: a domain that can never be (RFC 2606), so that no mail about the account arrives anywhere. */
  emailDomain: 'synthetic.invalid',
  /** The one patient of that practice, who is invented. */
  patientId: '00000000-0000-4000-8000-00000000051a',
} as const satisfies {
  organisation: string;
  role: Role;
  emailDomain: string;
  patientId: string;
};

/**
 * The ten roles, the most powerful first. Each is a group of the user pool, and the order is the groups' precedence:
 * a person who is in several acts in the first.
 */
export const ROLES = [
  'SUPER_ADMIN',
  'ADMIN',
  'ORG_ADMIN',
  'DOCTOR',
  'PHARMACIST',
  'LAB_TECH',
  'AUDITOR',
  'SUPPORT',
  'MARKETER_ADMIN',
  'MARKETER',
] as const;

/** What a person may be on the platform. */
export type Role = (typeof ROLES)[number];

/** Whether a group's name is one of the ten roles, letter for letter. */
export function isRole(name: string): name is Role {
  return (ROLES as readonly string[]).includes(name);
}

/** An organisation's id: 2 to 36 of a-z, 0-9 and `-`. */
export const ORGANISATION_ID = /^[a-z0-9-]{2,36}$/;

import * as z from 'zod';
import { ORGANISATION_ID, ROLES } from './roles';

const domains = z.array(
  z.strictObject({
    emailDomain: z.string().min(3),
    organisation: z.string().regex(ORGANISATION_ID),
    role: z.enum(ROLES),
  }),
);

/** The variable SIGN_UP_DOMAINS: who may sign up by themselves, as JSON. */
export const signUpDomains = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(domains);

/** One domain whose people may sign up by themselves, and what they become. */
export type SignUpDomain = z.output<typeof domains>[number];

/** One address: no quoting, no comment, one `@`, so that the domain read here is the one mail is sent to. */
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+)$/;

/** The configured domain of an address, when there is one; a subdomain of a configured domain is another domain. */
export function signUpDomainOf(
  address: string | undefined,
  configured: readonly SignUpDomain[],
): SignUpDomain | undefined {
  const domain = ADDRESS.exec(address ?? '')?.[1]?.toLowerCase();
  return configured.find(({ emailDomain }) => emailDomain.toLowerCase() === domain);
}

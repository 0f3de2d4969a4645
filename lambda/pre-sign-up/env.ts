import * as z from 'zod';
import { signUpDomains } from '../shared/sign-up-domains';

/** What the pre-sign-up trigger is told. */
export const preSignUpSchema = z.object({ SIGN_UP_DOMAINS: signUpDomains });

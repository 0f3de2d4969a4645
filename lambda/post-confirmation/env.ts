import * as z from 'zod';
import { signUpDomains } from '../shared/sign-up-domains';

/** What the post-confirmation trigger is told. */
export const postConfirmationSchema = z.object({ SIGN_UP_DOMAINS: signUpDomains });

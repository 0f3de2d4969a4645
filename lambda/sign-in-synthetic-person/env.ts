import * as z from 'zod';

/** What the sign-in is told. */
export const signInSyntheticPersonSchema = z.object({
  /** Pool that the person is in. */
  USER_POOL_ID: z.string().min(1),
  /** Client that allows this sign-in and no other. */
  CLIENT_ID: z.string().min(1),
  /** Holds what the person signs in with. */
  SECRET_ARN: z.string().min(1),
});

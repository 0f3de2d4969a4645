import * as z from 'zod';

/** What the rotation is told. */
export const rotateSyntheticPersonSchema = z.object({
  /** Pool that the person is in. */
  USER_POOL_ID: z.string().min(1),
  /** Client that the person signs in through. */
  CLIENT_ID: z.string().min(1),
  /** The one secret that is rotated. */
  SECRET_ARN: z.string().min(1),
});

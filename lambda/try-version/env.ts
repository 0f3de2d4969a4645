import * as z from 'zod';
import { listenerVariables } from '../shared/listener';

/** What a trial is told. */
export const tryVersionSchema = z.object({
  ...listenerVariables,
  /** Signs in the person that the new version is tried as. */
  SIGN_IN_FUNCTION: z.string().min(1),
});

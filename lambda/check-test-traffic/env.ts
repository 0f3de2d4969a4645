import * as z from 'zod';
import { testListenerVariables } from '../shared/test-listener';

/** What the check of the test traffic is told. */
export const checkTestTrafficSchema = z.object({
  ...testListenerVariables,
  /** Signs in the person that the new version is tried as. */
  SIGN_IN_FUNCTION: z.string().min(1),
});

import * as z from 'zod';
import { testListenerVariables } from '../shared/test-listener';

/** What the last gate before public traffic is told. */
export const checkBeforeTrafficSchema = z.object({
  ...testListenerVariables,
  /** Names of alarms that must not be on, separated by commas. */
  ALARMS: z.string().min(1),
  /** How the names of the alarms begin that watch queues, of which none may be on. */
  QUEUE_ALARMS: z.string().min(1),
});

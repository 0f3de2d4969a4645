import * as z from 'zod';
import { listenerVariables } from '../shared/listener';

/** What the last gate before public traffic is told. */
export const checkBeforeTrafficSchema = z.object({
  ...listenerVariables,
  /** Names of alarms that must not be on, separated by commas. */
  ALARMS: z.string().min(1),
  /** How the names of the alarms begin that watch queues, of which none may be on. */
  QUEUE_ALARMS: z.string().min(1),
});

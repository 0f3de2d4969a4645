import { z } from 'zod';

/**
 * What CodeDeploy's documentation leaves open, each with the setting that is thought likelier as its default. A
 * release has to come out right under every setting. Sections are those of the facts in this folder's README.
 */
export const switchesSchema = z.object({
  /** §1.1: whether an error names its exception alone, or with the service's namespace before it. */
  errorNames: z.enum(['bare', 'qualified']).default('bare'),
  /** §1.2: which of the two deployments tells of the other: the one that failed, its rollback, or each. */
  rollbackLinks: z.enum(['both', 'failed-only', 'rollback-only']).default('both'),
  /** §1.3: what a hook function does to the deployment that ends with an error and has reported nothing. */
  crashedHook: z.enum(['burns-the-hour', 'fails-at-once']).default('burns-the-hour'),
  /** §1.2, §1.3: what the status of a deployment says while the original task set is kept. */
  terminationWaitStatus: z.enum(['InProgress', 'Baking']).default('InProgress'),
  /** §1.3: whether a stop or an alarm takes back while the original task set is kept, or comes too late. */
  duringTerminationWait: z.enum(['takes-back', 'too-late']).default('takes-back'),
  /** §1.3: when the replacement becomes the PRIMARY task set. */
  primarySwitch: z.enum(['end-of-shift', 'start-of-shift']).default('end-of-shift'),
  /** §1.4: whether a linear shift begins with its first share or with its first interval. */
  linearBegins: z.enum(['with-share', 'with-interval']).default('with-share'),
  /** §1.5: what is left in the listener's forward: both groups, one with weight 0, or one alone. */
  listenerLeft: z.enum(['weight-0', 'single']).default('weight-0'),
  /** §1.6: seconds between looks at the alarms; real ones, since alarms do not hasten with the speed. */
  alarmPollSeconds: z.number().positive().default(2),
  /** §1.6: error code of a deployment that an alarm stopped. */
  alarmCode: z.enum(['ALARM_ACTIVE', 'MANUAL_STOP']).default('ALARM_ACTIVE'),
  /** §1.6: whether an alarm that was in ALARM before the deployment stops it. */
  alarmAtStart: z.enum(['stops', 'ignored-until-ok']).default('stops'),
  /** §1.6: whether INSUFFICIENT_DATA counts as an alarm. */
  insufficientData: z.enum(['ignored', 'stops']).default('ignored'),
  /** §1.6: whether a stop waits for the report of a hook that runs. */
  stopDuringHook: z.enum(['at-once', 'after-report']).default('at-once'),
  /** §1.6: what becomes of the replacement task set after the traffic went back. */
  replacementAfterRollback: z.enum(['deleted', 'kept']).default('deleted'),
  /** §1.6: events that a rollback's target lists: the re-route alone, or all with the others skipped. */
  rollbackEvents: z.enum(['reroute-only', 'all']).default('reroute-only'),
  /** §1.6: seconds that a rollback takes beside the re-route itself; one public log says about two. */
  rollbackSeconds: z.number().nonnegative().default(2),
  /** §1.1: seconds that a deployment is `Created` before it is in progress. */
  createdSeconds: z.number().nonnegative().default(1),
});

/** See {@link switchesSchema}. */
export type Switches = z.output<typeof switchesSchema>;

import { z } from 'zod';
import { alarmsSchema, autoRollbackSchema, groupSchema, routingSchema } from './catalogue';

/** Events of an ECS deployment in their order. */
export const EVENTS = [
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'AllowTestTraffic',
  'AfterAllowTestTraffic',
  'BeforeAllowTraffic',
  'AllowTraffic',
  'AfterAllowTraffic',
] as const;

/** Name of a lifecycle event. */
export type EventName = (typeof EVENTS)[number];

/** Events that a function may be hooked to. */
export const HOOKABLE = EVENTS.filter(
  (name) => !['Install', 'AllowTestTraffic', 'AllowTraffic'].includes(name),
);

const revisionSchema = z.object({
  /** Text of the AppSpec. */
  content: z.string(),
  /** Its sha256 in hexadecimal, the key that GetApplicationRevision finds it by. */
  sha256: z.string(),
  /** What it asks for. */
  taskDefinition: z.string(),
  containerName: z.string(),
  containerPort: z.number(),
  /** Function by event. */
  hooks: z.partialRecord(z.enum(EVENTS), z.string()),
});

/** What is released, read from an AppSpec. */
export type Revision = z.output<typeof revisionSchema>;

const eventSchema = z.object({
  name: z.enum(EVENTS),
  status: z.enum(['Pending', 'InProgress', 'Succeeded', 'Failed', 'Skipped', 'Unknown']),
  startTime: z.number().optional(),
  endTime: z.number().optional(),
  /** Why it failed, for its diagnostics. */
  message: z.string().optional(),
  /** Id of the hook's execution. */
  executionId: z.string().optional(),
  /** What the hook reported. */
  reported: z.enum(['Succeeded', 'Failed']).optional(),
});

/** One lifecycle event of a deployment. */
export type LifecycleEvent = z.output<typeof eventSchema>;

const sideSchema = z.object({
  taskSetId: z.string(),
  taskDefinition: z.string(),
  targetGroup: z.string(),
  status: z.enum(['PRIMARY', 'ACTIVE', 'DRAINING']),
  desired: z.number(),
  pending: z.number(),
  running: z.number(),
  weight: z.number(),
});

/** One of the two task sets, as it was last seen. */
export type Side = z.output<typeof sideSchema>;

/** A deployment as it is kept: everything that is needed to go on with it in another process. */
export const deploymentSchema = z.object({
  id: z.string(),
  account: z.string(),
  group: groupSchema,
  configName: z.string(),
  routing: routingSchema,
  revision: revisionSchema,
  previousRevision: revisionSchema.optional(),
  description: z.string().optional(),
  creator: z.enum(['user', 'codeDeployRollback']),
  status: z.enum(['Created', 'Queued', 'InProgress', 'Baking', 'Succeeded', 'Failed', 'Stopped', 'Ready']),
  createTime: z.number(),
  startTime: z.number().optional(),
  completeTime: z.number().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  autoRollback: autoRollbackSchema,
  alarms: alarmsSchema,
  overrideAlarms: alarmsSchema.optional(),
  events: z.array(eventSchema),
  /** The task set that had the traffic at the start. */
  blue: sideSchema.optional(),
  /** The one that is to have it. */
  green: sideSchema.optional(),
  /** Shares of the shift that are done. */
  shifted: z.number().default(0),
  /** Since when the wait that it is in lasts. */
  waitSince: z.number().optional(),
  /** Waits that somebody has ended. */
  continued: z.array(z.enum(['READY_WAIT', 'TERMINATION_WAIT'])).default([]),
  terminationSince: z.number().optional(),
  /** That it is to stop, and whether the asker wants it taken back; nothing said leaves it to the configuration. */
  stop: z.object({ rollback: z.boolean().optional() }).optional(),
  rollback: z
    .object({ deploymentId: z.string().optional(), triggeredBy: z.string().optional(), message: z.string() })
    .optional(),
});

/** See {@link deploymentSchema}. */
export type Deployment = z.output<typeof deploymentSchema>;

/** Whether it is over. */
export function isOver({ status }: Deployment): boolean {
  return status === 'Succeeded' || status === 'Failed' || status === 'Stopped';
}

/** What names a deployment's group among all accounts. */
export function groupKey({ account, group }: Pick<Deployment, 'account' | 'group'>): string {
  return JSON.stringify([account, group.applicationName, group.deploymentGroupName]);
}

import { z } from 'zod';
import { switchesSchema } from './switches';

/** How the stand-in goes; what is left out is as in AWS. */
export const behaviourSchema = z.object({
  /** How many times faster every wait of a deployment is: intervals, bakes. */
  speed: z.number().positive().default(1),
  /** The same for limits: hooks' hour, installation's hour. As `speed` when left out. */
  limitSpeed: z.number().positive().optional(),
  /** How many times shorter the periods of alarms are. */
  alarmSpeed: z.number().positive().default(1),
  /** What the documentation leaves open. */
  switches: switchesSchema.prefault({}),
});

/** What the stand-in's process is told. */
export const settingsSchema = z.object({
  /** Folder of its own. */
  folder: z.string(),
  /** Loopback port of CodeDeploy's protocol. */
  port: z.int(),
  /** Loopback port of ECS's, which is the emulator's with the task sets added. */
  ecsPort: z.int(),
  /** The local AWS of each account, and the folder of the supervisor that runs its tasks. */
  places: z.array(
    z.object({
      cloud: z.object({ endpoint: z.string(), region: z.string(), account: z.string(), caFile: z.string() }),
      supervisor: z.string(),
    }),
  ),
});

/** See {@link settingsSchema}. */
export type Settings = z.output<typeof settingsSchema>;

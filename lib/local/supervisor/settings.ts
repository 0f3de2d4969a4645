import { z } from 'zod';

/** What the supervisor's process is told. */
export const settingsSchema = z.object({
  /** The local AWS. */
  cloud: z.object({ endpoint: z.string(), region: z.string(), account: z.string(), caFile: z.string() }),
  /** Folder of the tasks. */
  tasks: z.string(),
  /** Folder of the supervisor. */
  supervisor: z.string(),
  /** Folder that the API is built into. */
  builtApp: z.string(),
  /** Folder of what was pushed to registries; left out where no pipeline is played. */
  registry: z.string().optional(),
  /** File that keeps the listeners' ports. */
  portsFile: z.string(),
  /** Certificate of the HTTPS listeners. */
  certificate: z.object({ certFile: z.string(), keyFile: z.string() }),
  /** Port of PostgreSQL. */
  databasePort: z.int(),
});

/** See {@link settingsSchema}. */
export type Settings = z.output<typeof settingsSchema>;

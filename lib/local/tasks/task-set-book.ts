import { randomInt } from 'node:crypto';
import * as fs from 'node:fs';
import { z } from 'zod';

const entrySchema = z.object({
  id: z.string(),
  serviceArn: z.string(),
  taskDefinition: z.string(),
  targetGroupArn: z.string(),
  containerPort: z.int(),
  status: z.enum(['PRIMARY', 'ACTIVE', 'DRAINING']),
  externalId: z.string().optional(),
  createdAt: z.number(),
});

/** A task set of a service that CodeDeploy owns. */
export type TaskSetEntry = z.output<typeof entrySchema>;

/** The task sets of all services, kept in a file: the emulator has none. */
export class TaskSetBook {
  private entries: TaskSetEntry[];

  /** @param file - JSON file; made when first written */
  constructor(private readonly file: string) {
    this.entries = fs.existsSync(file)
      ? z.array(entrySchema).parse(JSON.parse(fs.readFileSync(file, 'utf8')))
      : [];
  }

  /** Those of a service, the oldest first. */
  of(serviceArn: string): readonly TaskSetEntry[] {
    return this.entries.filter((entry) => entry.serviceArn === serviceArn);
  }

  /** Those of all services. */
  all(): readonly TaskSetEntry[] {
    return this.entries;
  }

  /** Adds one; the first of a service is its PRIMARY. */
  add(entry: Omit<TaskSetEntry, 'id' | 'status' | 'createdAt'>): TaskSetEntry {
    const first = this.of(entry.serviceArn).length === 0;
    const made: TaskSetEntry = {
      ...entry,
      id: `ecs-svc/${String(randomInt(2 ** 47)).padStart(19, '9')}`,
      status: first ? 'PRIMARY' : 'ACTIVE',
      createdAt: Date.now(),
    };
    this.keep([...this.entries, made]);
    return made;
  }

  /** Changes one. */
  change(id: string, changes: Partial<Pick<TaskSetEntry, 'status' | 'taskDefinition'>>): void {
    this.keep(this.entries.map((entry) => (entry.id === id ? { ...entry, ...changes } : entry)));
  }

  /** Makes one the PRIMARY of its service; the others are ACTIVE. */
  makePrimary({ id, serviceArn }: TaskSetEntry): void {
    this.keep(
      this.entries.map((entry) =>
        entry.serviceArn !== serviceArn || entry.status === 'DRAINING'
          ? entry
          : { ...entry, status: entry.id === id ? 'PRIMARY' : 'ACTIVE' },
      ),
    );
  }

  /** Forgets one. */
  remove(id: string): void {
    this.keep(this.entries.filter((entry) => entry.id !== id));
  }

  private keep(entries: TaskSetEntry[]): void {
    this.entries = entries;
    fs.writeFileSync(`${this.file}.new`, JSON.stringify(entries, null, 2), { mode: 0o600 });
    fs.renameSync(`${this.file}.new`, this.file);
  }
}

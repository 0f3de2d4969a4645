import * as fs from 'node:fs';
import { z } from 'zod';

const recordSchema = z.object({
  process: z.object({ pid: z.int().positive(), started: z.string() }),
  port: z.int().positive(),
  startedAt: z.int(),
});

/** The emulator that runs or ran last, as its file on disk tells. */
export type EmulatorRecord = z.output<typeof recordSchema>;

/** The record in a file; undefined when there is none that can be read. */
export function readRecord(file: string): EmulatorRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return undefined; // missing or damaged: as if it had never been written
  }
}

/** Writes the record, readable by its owner only. */
export function writeRecord(file: string, record: EmulatorRecord): void {
  fs.writeFileSync(file, JSON.stringify(record), { mode: 0o600 });
}

import type { Client, ClientConfig } from 'pg';

/** A migration as every tool can have it. */
export interface PlainMigration {
  /** Number, from 1. */
  readonly id: number;
  /** What it is called. */
  readonly name: string;
  /** What it does. */
  readonly up: string;
  /** What undoes it. */
  readonly down: string;
  /**
   * Whether its statements are to run outside of a transaction, told in the way that the tool has for SQL files.
   * @default false
   */
  readonly bare?: boolean;
}

/** A tool that migrates, behind the one face that the scenarios know. */
export interface Tool {
  /** Its name and version, as the table shows them. */
  readonly title: string;
  /** Writes a migration into a folder in the tool's own form, over one of the same number. */
  write(folder: string, migration: PlainMigration): void;
  /**
   * Applies what is pending, with a session of the tool's own.
   * @throws what the tool throws, or says, when it did not
   */
  up(folder: string, access: ClientConfig): Promise<void>;
  /**
   * The same over a session that the caller keeps open between calls, as a warm function does. Absent where the tool
   * takes none.
   */
  upWith?(folder: string, client: Client): Promise<void>;
}

/** File name of a migration without its ending, such as `0001_first`. */
export function stem({ id, name }: PlainMigration): string {
  return `${String(id).padStart(4, '0')}_${name}`;
}
